package io.mqttoperator.operator.broker;

/** What must be stored does not fit the Secrets that a pod can mount. */
final class DoNotFit extends Exception {

  private static final long serialVersionUID = 1L;

  DoNotFit(String message) {
    super(message);
  }
}
