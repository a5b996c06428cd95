package io.mqttoperator.operator.broker.profile;

import io.mqttoperator.operator.kube.Labels;
import java.util.List;

/** Names of a broker's objects and of the places they are reached at. Part of the API. */
public record BrokerNames(String namespace, String broker, String clusterDomain) {

  /** Of Mosquitto, in each pod. */
  public static final String CONTAINER = "mosquitto";

  public String authority() {
    return broker + Labels.AUTHORITY_SUFFIX;
  }

  /**
   * What of the authority's certificates clients have, and what is revoked.
   *
   * @param shard 0 for the first, which alone has no number: there was one once
   */
  public String revocations(int shard) {
    return broker + Labels.REVOCATIONS_SUFFIX + (shard == 0 ? "" : "-" + shard);
  }

  public String server() {
    return broker + "-server";
  }

  /** What the operator alone reads: the internal CA's key, its account's name, the salt. */
  public String operator() {
    return broker + "-operator";
  }

  /** The internal listener's certificate, key, trust and CRL, which pods mount. */
  public String internal() {
    return broker + "-internal";
  }

  public String trust() {
    return broker + "-trust";
  }

  public String supervisor() {
    return broker + "-supervisor";
  }

  public String files() {
    return broker + "-files";
  }

  public String shard(int index) {
    return broker + "-files-" + index;
  }

  /** The bridges' configuration, certificates and keys. */
  public String bridge() {
    return broker + "-bridge";
  }

  /** Whose sessions are to end, that a pre-shared key has opened. */
  public String sessions() {
    return broker + "-sessions";
  }

  public String podsService() {
    return broker + "-pods";
  }

  public String service() {
    return broker;
  }

  /** The Service of a listener that is reached from outside of the cluster. */
  public String exposed(String listener) {
    return broker + "-" + listener;
  }

  public String statefulSet() {
    return broker;
  }

  /** Of a pod's volume: Kubernetes makes it of the template's name and the pod's. */
  public String dataClaim(int ordinal) {
    return "data-" + broker + "-" + ordinal;
  }

  public String imageTrial() {
    return broker + "-image-trial";
  }

  /** The broker's own address in the cluster. */
  public String host() {
    return "%s.%s.svc.%s".formatted(broker, namespace, clusterDomain);
  }

  public String pod(int ordinal) {
    return statefulSet() + "-" + ordinal;
  }

  /** A pod's own address in the cluster. */
  public String podHost(int ordinal) {
    return "%s.%s.%s.svc".formatted(pod(ordinal), podsService(), namespace);
  }

  /** By which the operator knows a pod on the internal listener; no DNS has this name. */
  public String internalName() {
    return "%s.%s.internal.mqttoperator.io".formatted(broker, namespace);
  }

  /** What the server certificate always names: few, for small devices. */
  public List<String> serverDnsNames() {
    var service = "%s.%s.svc".formatted(broker, namespace);
    var pods = "*.%s.%s.svc".formatted(podsService(), namespace);
    return List.of(
        broker,
        broker + "." + namespace,
        service,
        service + "." + clusterDomain,
        pods,
        pods + "." + clusterDomain);
  }
}
