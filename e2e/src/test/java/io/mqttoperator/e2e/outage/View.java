package io.mqttoperator.e2e.outage;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a namespace holds, as watches tell it: to look costs nothing. */
final class View implements AutoCloseable {

  static final String API = "mqttoperator.io/v1alpha1";

  private final String namespace;
  private final SharedIndexInformer<Pod> pods;
  private final SharedIndexInformer<StatefulSet> sets;
  private final SharedIndexInformer<Service> services;
  private final SharedIndexInformer<ConfigMap> configMaps;
  private final Map<String, SharedIndexInformer<GenericKubernetesResource>> resources;

  View(KubernetesClient client, String namespace) {
    this.namespace = namespace;
    pods = client.pods().inNamespace(namespace).inform();
    sets = client.apps().statefulSets().inNamespace(namespace).inform();
    services = client.services().inNamespace(namespace).inform();
    configMaps = client.configMaps().inNamespace(namespace).inform();
    resources =
        Stream.of("MqttBroker", "MqttUser", "MqttAcl")
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    kind ->
                        client
                            .genericKubernetesResources(API, kind)
                            .inNamespace(namespace)
                            .inform()));
  }

  Optional<Pod> pod(String name) {
    return find(pods, name);
  }

  /** Those of the broker's StatefulSet. */
  List<Pod> pods(String broker) {
    return pods.getIndexer().list().stream()
        .filter(pod -> pod.getMetadata().getName().matches(broker + "-[0-9]+"))
        .toList();
  }

  Optional<StatefulSet> set(String name) {
    return find(sets, name);
  }

  Optional<Service> service(String name) {
    return find(services, name);
  }

  Optional<ConfigMap> configMap(String name) {
    return find(configMaps, name);
  }

  Optional<GenericKubernetesResource> resource(String kind, String name) {
    return Optional.ofNullable(resources.get(kind)).flatMap(informer -> find(informer, name));
  }

  private <T extends HasMetadata> Optional<T> find(SharedIndexInformer<T> informer, String name) {
    return Optional.ofNullable(informer.getIndexer().getByKey(namespace + "/" + name));
  }

  @Override
  public void close() {
    pods.close();
    sets.close();
    services.close();
    configMaps.close();
    resources.values().forEach(SharedIndexInformer::close);
  }
}
