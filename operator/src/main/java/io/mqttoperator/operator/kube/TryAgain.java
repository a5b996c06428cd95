package io.mqttoperator.operator.kube;

import org.jspecify.annotations.Nullable;

/** What the pass saw is out of date (somebody else wrote meanwhile): the next pass sees more. */
public final class TryAgain extends RuntimeException {

  /** So many in a row, of one broker, are others' writes; more are something that stays. */
  public static final int USUAL_IN_A_ROW = 5;

  private static final long serialVersionUID = 1L;

  public TryAgain(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
