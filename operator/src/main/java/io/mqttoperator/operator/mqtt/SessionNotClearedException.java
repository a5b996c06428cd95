package io.mqttoperator.operator.mqtt;

/** A client's session on a pod could not be cleared; the message says why. */
public final class SessionNotClearedException extends Exception {

  private static final long serialVersionUID = 1L;

  SessionNotClearedException(PodEndpoint pod, String reason) {
    super("pod " + pod.name() + ": the session was not cleared: " + reason);
  }
}
