package io.mqttoperator.operator.kube;

/** Every reason that a condition can have. Part of the API: scripts compare with them. */
public enum Reason {
  ACCEPTED("Accepted"),
  INVALID("Invalid"),
  BROKER_NOT_FOUND("BrokerNotFound"),
  NAMESPACE_NOT_ALLOWED("NamespaceNotAllowed"),
  TOPIC_OUTSIDE_TENANCY("TopicOutsideTenancy"),
  QUOTA_EXCEEDED("QuotaExceeded"),
  USERNAME_CONFLICT("UsernameConflict"),
  USERNAME_TOO_LONG("UsernameTooLong"),
  NO_LISTENER("NoListener"),
  TOO_LARGE("TooLarge"),
  SECRET_NOT_FOUND("SecretNotFound"),
  SECRET_NOT_LABELLED("SecretNotLabelled"),
  SECRET_KEY_MISSING("SecretKeyMissing"),
  INVALID_PASSWORD("InvalidPassword"),
  INVALID_PRE_SHARED_KEY("InvalidPreSharedKey"),
  INVALID_CERTIFICATE("InvalidCertificate"),
  NAME_TAKEN("NameTaken"),
  SESSIONS_REMAIN("SessionsRemain"),
  UNSUPPORTED_MOSQUITTO("UnsupportedMosquitto"),
  PAUSED("Paused"),
  DISABLED("Disabled"),
  ENFORCED("Enforced"),
  APPLYING("Applying"),
  NO_RUNNING_POD("NoRunningPod"),
  POD_UNREACHABLE("PodUnreachable"),
  BRIDGE_DISCONNECTED("BridgeDisconnected"),
  VOLUME_PENDING("VolumePending"),
  UNSCHEDULABLE("Unschedulable"),
  IMAGE_PULL_FAILED("ImagePullFailed"),
  BROKER_FAILED("BrokerFailed"),
  STARTING("Starting"),
  RESTARTING("Restarting"),
  ISSUED("Issued"),
  RENEWAL_OVERDUE("RenewalOverdue"),
  READY("Ready");

  private final String text;

  Reason(String text) {
    this.text = text;
  }

  /** As it stands in a condition. */
  public String text() {
    return text;
  }
}
