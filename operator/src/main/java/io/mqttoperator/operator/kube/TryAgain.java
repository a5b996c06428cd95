package io.mqttoperator.operator.kube;

/** What the pass saw is out of date (somebody else wrote meanwhile): the next pass sees more. */
public final class TryAgain extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public TryAgain(String message, Throwable cause) {
    super(message, cause);
  }
}
