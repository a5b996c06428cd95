package io.mqttoperator.e2e.gitops;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * All brokers, users and ACLs of a namespace as they were at one version of the API server's
 * database: not a moment later, as a look at them afterwards would be.
 */
record Snapshot(List<GenericKubernetesResource> resources) {

  private static final List<String> PLURALS = List.of("mqttbrokers", "mqttusers", "mqttacls");

  static Snapshot at(Cluster cluster, String resourceVersion) {
    var resources = new ArrayList<GenericKubernetesResource>();
    for (var plural : PLURALS) {
      var path =
          "/apis/mqttoperator.io/v1alpha1/namespaces/%s/%s?resourceVersion=%s&resourceVersionMatch=Exact"
              .formatted(cluster.namespace(), plural, resourceVersion);
      var answer = cluster.kubectl().run("get", "--raw", path).orFail();
      resources.addAll(
          Serialization.unmarshal(answer, GenericKubernetesResourceList.class).getItems());
    }
    return new Snapshot(List.copyOf(resources));
  }

  List<String> names() {
    return resources.stream().map(Snapshot::name).toList();
  }

  /** What is not proven on every pod, and why; empty if all is. */
  List<String> unready() {
    return resources.stream().filter(resource -> !isReady(resource)).map(Snapshot::told).toList();
  }

  private static boolean isReady(GenericKubernetesResource resource) {
    long generation = resource.getMetadata().getGeneration();
    return Condition.of(resource, "Ready")
            .filter(ready -> ready.status().equals("True"))
            .filter(ready -> ready.observedGeneration() == generation)
            .isPresent()
        && (!resource.getKind().equals("MqttBroker") || isProvenOnEveryPod(resource));
  }

  private static boolean isProvenOnEveryPod(GenericKubernetesResource broker) {
    Number replicas = broker.get("spec", "replicas");
    String revision = broker.get("status", "access", "revision");
    List<Map<String, Object>> pods = broker.get("status", "pods");
    return pods != null
        && pods.size() == replicas.intValue()
        && pods.stream().allMatch(pod -> revision.equals(pod.get("accessRevision")));
  }

  private static String told(GenericKubernetesResource resource) {
    return "%s of generation %d: %s"
        .formatted(
            name(resource),
            resource.getMetadata().getGeneration(),
            Condition.of(resource, "Ready").map(Condition::toString).orElse("no condition Ready"));
  }

  private static String name(GenericKubernetesResource resource) {
    return resource.getKind() + "/" + resource.getMetadata().getName();
  }
}
