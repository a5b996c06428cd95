package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.mosquitto.AccessShards;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the caches into one immutable record. */
public final class BrokerObserver {

  private final Caches caches;
  private final UserObserver users;
  private final OfferedSecrets offered;

  public BrokerObserver(Caches caches, KubernetesClient client, NameGrants grants) {
    this.caches = caches;
    var uncached = new UncachedSecrets(client);
    this.users = new UserObserver(caches, uncached, grants);
    this.offered = new OfferedSecrets(caches, uncached);
  }

  public BrokerObservation observe(ResourceKey key) {
    var names = new BrokerNames(key.namespace(), key.name(), "");
    var broker = caches.brokers.get(key.namespace(), key.name());
    var asking = caches.users.of(key);
    var acls = caches.acls.of(key);
    var tenancy = tenancy(key, broker, asking, acls);
    return new BrokerObservation(
        key,
        broker,
        tenancy,
        users.observe(key, asking, tenancy, broker),
        acls,
        stored(broker, names.authority()),
        stored(broker, names.server()),
        stored(broker, names.operator()),
        stored(broker, names.internal()),
        stored(broker, names.files()),
        shards(broker, names),
        existing(key),
        ours(broker, owner -> caches.statefulSets.get(key.namespace(), names.statefulSet())),
        pods(key, names),
        ours(broker, owner -> caches.pods.get(key.namespace(), names.imageTrial())),
        caches.claims.ofInstance(key),
        offered.of(broker));
  }

  /** Forgets what it knows of a broker that is gone. */
  public void forget(ResourceKey key) {
    users.forget(key);
  }

  /** The containers that run, of all brokers, as connections to them are known. */
  public Set<String> runningContainers() {
    return caches
        .pods
        .all()
        .filter(PodStates::isRunning)
        .map(PodStates::containerOf)
        .collect(Collectors.toSet());
  }

  /** What is known by container, as {@link PodStates#containerOf} names it, by broker and pod. */
  public <T> Map<ResourceKey, Map<String, T>> byPod(Map<String, T> byContainer) {
    return caches
        .pods
        .all()
        .filter(pod -> byContainer.containsKey(PodStates.containerOf(pod)))
        .filter(pod -> pod.getMetadata().getLabels().containsKey(Labels.INSTANCE))
        .collect(
            Collectors.groupingBy(
                pod ->
                    new ResourceKey(
                        pod.getMetadata().getNamespace(),
                        Objects.requireNonNull(pod.getMetadata().getLabels().get(Labels.INSTANCE))),
                Collectors.toMap(
                    pod -> pod.getMetadata().getName(),
                    pod -> Objects.requireNonNull(byContainer.get(PodStates.containerOf(pod))))));
  }

  /** Nothing is decided on what somebody else put under a name of ours. */
  private static <T extends HasMetadata> Optional<T> ours(
      Optional<MqttBroker> broker, Function<MqttBroker, Optional<T>> find) {
    return broker.flatMap(
        owner -> find.apply(owner).filter(found -> Ownership.isOurs(found, owner)));
  }

  private Optional<Secret> secret(Optional<MqttBroker> broker, String name) {
    return ours(broker, owner -> caches.secrets.get(owner.getMetadata().getNamespace(), name));
  }

  private StoredSecret stored(Optional<MqttBroker> broker, String name) {
    return StoredSecret.of(secret(broker, name));
  }

  private List<Secret> shards(Optional<MqttBroker> broker, BrokerNames names) {
    return Stream.iterate(0, index -> index + 1)
        .limit(AccessShards.MAX_SHARDS)
        .flatMap(index -> secret(broker, names.shard(index)).stream())
        .toList();
  }

  private List<Pod> pods(ResourceKey key, BrokerNames names) {
    return caches.pods.ofInstance(key).stream()
        .filter(pod -> PodStates.isOf(pod, names))
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .toList();
  }

  private Map<String, HasMetadata> existing(ResourceKey key) {
    var existing = new HashMap<String, HasMetadata>();
    Stream.of(
            caches.secrets,
            caches.configMaps,
            caches.services,
            caches.serviceAccounts,
            caches.statefulSets,
            caches.disruptionBudgets,
            caches.networkPolicies)
        .flatMap(watched -> watched.ofInstance(key).stream())
        .forEach(object -> existing.put(Applier.describe(object), object));
    return Map.copyOf(existing);
  }

  /** Only the namespaces of those that refer to the broker matter. */
  private Tenancy tenancy(
      ResourceKey key, Optional<MqttBroker> broker, List<MqttUser> users, List<MqttAcl> acls) {
    var candidates =
        Stream.concat(users.stream(), acls.stream())
            .map(resource -> resource.getMetadata().getNamespace())
            .collect(Collectors.toSet());
    return Tenancy.of(
        key.namespace(),
        broker.map(BrokerProfile::tenants).orElse(List.of()),
        candidates,
        caches.namespaces::labels,
        caches.namespaces.isComplete());
  }
}
