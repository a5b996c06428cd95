package io.mqttoperator.operator.pki;

/**
 * A certificate, key, bundle or revocation list that cannot be used. The message says what was
 * found, what was expected and what to do, and never holds any of the content; for the same reason
 * there is never a cause.
 */
public final class InvalidCertificateException extends Exception {
  private final String problem;

  InvalidCertificateException(String problem) {
    super(problem);
    this.problem = problem;
  }

  /** The message, which there always is. */
  public String problem() {
    return problem;
  }
}
