package io.mqttoperator.operator.mosquitto;

/** How clients of a listener prove who they are. */
public enum ClientAuthentication {
  /** By username and password. */
  PASSWORD,
  /** By a certificate, whose common name is the username; no password is asked for. */
  CERTIFICATE,
  /** By a certificate of anybody, and by username and password. */
  CERTIFICATE_AND_PASSWORD,
  /** Not at all; who gives a username must still give its password. */
  ANONYMOUS;

  /** Whether a client must show a certificate. */
  public boolean needsCertificate() {
    return this == CERTIFICATE || this == CERTIFICATE_AND_PASSWORD;
  }
}
