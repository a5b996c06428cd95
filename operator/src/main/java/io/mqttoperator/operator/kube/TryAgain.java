package io.mqttoperator.operator.kube;

import org.jspecify.annotations.Nullable;

/** What the pass saw is out of date (somebody else wrote meanwhile): the next pass sees more. */
public final class TryAgain extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public TryAgain(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
