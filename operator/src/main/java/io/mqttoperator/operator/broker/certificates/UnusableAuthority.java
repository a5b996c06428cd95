package io.mqttoperator.operator.broker.certificates;

/** The stored certificate authority cannot be used, and must not be replaced unasked. */
public final class UnusableAuthority extends Exception {

  private static final long serialVersionUID = 1L;

  public UnusableAuthority(String message) {
    super(message);
  }
}
