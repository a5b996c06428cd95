package io.mqttoperator.operator.mosquitto;

/** How clients of a listener prove who they are. */
public enum ClientAuthentication {
  /** By username and password. */
  PASSWORD,
  /** Not at all; who gives a username must still give its password. */
  ANONYMOUS
}
