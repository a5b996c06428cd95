package io.mqttoperator.operator.mosquitto;

/** The header in which a proxy says who its client is (the PROXY protocol of HAProxy). */
public enum ProxyHeader {
  NONE(""),
  V1("enable_proxy_protocol 1"),
  V2("enable_proxy_protocol 2");

  private final String line;

  ProxyHeader(String line) {
    this.line = line;
  }

  /** In the file; none where it is empty. */
  String line() {
    return line;
  }
}
