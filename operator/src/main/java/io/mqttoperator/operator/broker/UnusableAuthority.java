package io.mqttoperator.operator.broker;

/** The stored certificate authority cannot be used, and must not be replaced unasked. */
final class UnusableAuthority extends Exception {

  private static final long serialVersionUID = 1L;

  UnusableAuthority(String message) {
    super(message);
  }
}
