package io.mqttoperator.operator.kube;

import java.util.Map;

/** Labels, annotations and finalizers that the operator reads and writes. */
public final class Labels {

  public static final String NAME = "app.kubernetes.io/name";
  public static final String INSTANCE = "app.kubernetes.io/instance";
  public static final String COMPONENT = "app.kubernetes.io/component";
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String OPERATOR = "mqtt-operator";

  /** On Secrets that their owner offers to the operator: {@code "true"}. */
  public static final String CREDENTIALS = "mqttoperator.io/credentials";

  /** On the authority and the volumes, which may outlive their broker: the broker's name. */
  public static final String RETAINED_FOR = "mqttoperator.io/retained-for";

  /** The Secret of a broker's authority bears the broker's name and this. */
  public static final String AUTHORITY_SUFFIX = "-ca";

  /** So does that of what the authority has revoked. */
  public static final String REVOCATIONS_SUFFIX = "-revocations";

  /** On a user's Secret: the {@code password.generation} that its password was made for. */
  public static final String PASSWORD_GENERATION = "mqttoperator.io/password-generation";

  /** On a user's Secret: the {@code preSharedKey.generation} that its key was made for. */
  public static final String KEY_GENERATION = "mqttoperator.io/pre-shared-key-generation";

  /** On a certificate's Secret: the {@code generation} that it was issued for. */
  public static final String CERTIFICATE_GENERATION = "mqttoperator.io/certificate-generation";

  /** On the Secret of a server certificate that the broker's owner brought: its Secret's name. */
  public static final String OWN_CERTIFICATE = "mqttoperator.io/own-certificate";

  /** On a user's Secret: SHA-256 of its PKCS#12 file and the serial number that this is for. */
  public static final String PKCS12 = "mqttoperator.io/pkcs12";

  /** On a pod: the revision it should take; a change makes the kubelet refresh its volumes now. */
  public static final String REVISION = "mqttoperator.io/revision";

  /** On what the operator applies: SHA-256 of what it last applied, without Secret data. */
  public static final String APPLIED = "mqttoperator.io/applied";

  /** On a StatefulSet: SHA-256 of the pod template that was last wanted. */
  public static final String TEMPLATE = "mqttoperator.io/pod-template";

  /** On the pod template: SHA-256 of the scripts, which a container reads at its start only. */
  public static final String SCRIPTS = "mqttoperator.io/scripts";

  /** Holds users and ACLs back until every running pod is proven to be without them. */
  public static final String FINALIZER = "mqttoperator.io/enforcement";

  /** On an MqttBroker: {@code "true"} gives up the sessions on pods that are to be removed. */
  public static final String SKIP_SCALE_DOWN_CHECK = "mqttoperator.io/skip-scale-down-check";

  private Labels() {}

  /** What selects a broker's pods. */
  public static Map<String, String> selector(String broker) {
    return of(broker, "broker");
  }

  /** What every object of a broker carries. */
  public static Map<String, String> of(String broker, String component) {
    return Map.of(NAME, "mosquitto", INSTANCE, broker, COMPONENT, component, MANAGED_BY, OPERATOR);
  }
}
