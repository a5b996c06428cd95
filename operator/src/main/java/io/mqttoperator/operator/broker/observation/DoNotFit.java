package io.mqttoperator.operator.broker.observation;

/** What must be stored does not fit the Secrets that a pod can mount. */
public final class DoNotFit extends Exception {

  private static final long serialVersionUID = 1L;

  public DoNotFit(String message) {
    super(message);
  }
}
