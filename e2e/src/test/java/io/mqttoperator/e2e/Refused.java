package io.mqttoperator.e2e;

/** A broker did not let a client in. */
public final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** The connection ended without an answer: TLS failed, or the broker closed it. */
  public static final int NO_ANSWER = -1;

  /** MQTT 3.1.1, section 3.2.2.3: not authorized. */
  static final int V3_NOT_AUTHORIZED = 5;

  /** MQTT 5, section 3.2.2.2: not authorized. */
  public static final int V5_NOT_AUTHORIZED = 0x87;

  private final int code;

  Refused(int code, Throwable cause) {
    super("refused with code " + code + ": " + cause, cause);
    this.code = code;
  }

  /** The CONNACK's code, or {@link #NO_ANSWER}. */
  public int code() {
    return code;
  }

  /** Whether the broker itself answered that this client may not log in. */
  public boolean isNotAuthorized() {
    return code == V3_NOT_AUTHORIZED || code == V5_NOT_AUTHORIZED;
  }
}
