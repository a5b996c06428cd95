package io.mqttoperator.operator.mosquitto;

/** How clients of a listener prove who they are. */
public enum ClientAuthentication {
  /** By username and password. */
  PASSWORD,
  /** By a certificate, whose common name is the username; no password is asked for. */
  CERTIFICATE,
  /** By a certificate of anybody, and by username and password. */
  CERTIFICATE_AND_PASSWORD,
  /** By a key that it shares with the broker (TLS-PSK); the identity is the username. */
  PRE_SHARED_KEY,
  /** Not at all; who gives a username must still give its password. */
  ANONYMOUS;

  /** Whether TLS itself proves who the client is: a reload lets its session be. */
  public boolean isProvenByTls() {
    return needsCertificate() || this == PRE_SHARED_KEY;
  }

  /** Whether a client must show a certificate. */
  public boolean needsCertificate() {
    return this == CERTIFICATE || this == CERTIFICATE_AND_PASSWORD;
  }
}
