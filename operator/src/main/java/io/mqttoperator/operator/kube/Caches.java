package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One informer for each kind and watched namespace, shared by all that read. Everything that the
 * operator decides on comes from here; objects are never changed.
 */
public final class Caches implements AutoCloseable {

  public final Watched<MqttBroker> brokers;
  public final Watched<MqttUser> users;
  public final Watched<MqttAcl> acls;
  public final Watched<Secret> secrets;
  public final Watched<Secret> credentials;
  public final Watched<ConfigMap> configMaps;
  public final Watched<Service> services;
  public final Watched<ServiceAccount> serviceAccounts;
  public final Watched<StatefulSet> statefulSets;
  public final Watched<Pod> pods;
  public final Watched<PersistentVolumeClaim> claims;
  public final Watched<PodDisruptionBudget> disruptionBudgets;
  public final Watched<NetworkPolicy> networkPolicies;

  /** Labels of namespaces; where all are watched. */
  public final WatchedNamespaces namespaces;

  private final List<Watched<?>> all;

  /**
   * Prepares the informers; {@link #start} runs them.
   *
   * @param namespaces the namespaces to watch; empty: all
   */
  public Caches(KubernetesClient client, Set<String> namespaces) {
    var shared = new SharedParts();
    var ours = Map.of(Labels.MANAGED_BY, Labels.OPERATOR);
    brokers = new Watched<>(client, shared, MqttBroker.class, namespaces, Map.of());
    users = new Watched<>(client, shared, MqttUser.class, namespaces, Map.of());
    acls = new Watched<>(client, shared, MqttAcl.class, namespaces, Map.of());
    secrets = new Watched<>(client, shared, Secret.class, namespaces, ours);
    credentials =
        new Watched<>(client, shared, Secret.class, namespaces, Map.of(Labels.CREDENTIALS, "true"));
    configMaps = new Watched<>(client, shared, ConfigMap.class, namespaces, ours);
    services = new Watched<>(client, shared, Service.class, namespaces, ours);
    serviceAccounts = new Watched<>(client, shared, ServiceAccount.class, namespaces, ours);
    statefulSets = new Watched<>(client, shared, StatefulSet.class, namespaces, ours);
    pods = new Watched<>(client, shared, Pod.class, namespaces, ours);
    claims = new Watched<>(client, shared, PersistentVolumeClaim.class, namespaces, ours);
    disruptionBudgets = new Watched<>(client, shared, PodDisruptionBudget.class, namespaces, ours);
    networkPolicies = new Watched<>(client, shared, NetworkPolicy.class, namespaces, ours);
    this.namespaces = WatchedNamespaces.of(client, namespaces);
    all =
        List.of(
            brokers,
            users,
            acls,
            secrets,
            credentials,
            configMaps,
            services,
            serviceAccounts,
            statefulSets,
            pods,
            claims,
            disruptionBudgets,
            networkPolicies);
    secrets.index(Watched.BY_CONTROLLER, Caches::controllers);
    owned().forEach(watched -> watched.index(Watched.BY_INSTANCE, Caches::instances));
    users.index(Watched.BY_OWN_SECRET, Caches::ownSecret);
    users.index(
        Watched.BY_BROKER,
        user -> brokerOf(user, user.getSpec() == null ? null : user.getSpec().brokerRef()));
    acls.index(
        Watched.BY_BROKER,
        acl -> brokerOf(acl, acl.getSpec() == null ? null : acl.getSpec().brokerRef()));
  }

  /** All Secrets that a user controls, whatever their names. */
  public Stream<Secret> secretsOf(MqttUser user) {
    var metadata = user.getMetadata();
    return Stream.concat(
        secrets.get(metadata.getNamespace(), Ownership.secretName(metadata.getName())).stream()
            .filter(secret -> Ownership.isOurs(secret, user)),
        secrets.controlledBy(user).stream());
  }

  /** Users' Secrets may be very many: those that are found by their names need no index. */
  private static List<String> controllers(Secret secret) {
    return secret.getMetadata().getOwnerReferences().stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .filter(
            owner -> !secret.getMetadata().getName().equals(Ownership.secretName(owner.getName())))
        .map(OwnerReference::getUid)
        .toList();
  }

  private static List<String> brokerOf(
      HasMetadata resource,
      io.mqttoperator.api.@org.jspecify.annotations.Nullable BrokerRef reference) {
    return reference == null
        ? List.of()
        : List.of(
            new ResourceKey(
                    Optional.ofNullable(reference.namespace())
                        .orElse(resource.getMetadata().getNamespace()),
                    reference.name())
                .toString());
  }

  /** Tells {@code changed} of each broker whose parts change. To be called before start. */
  public void onChange(Consumer<ResourceKey> changed) {
    brokers.onChange(broker -> changed.accept(ResourceKey.of(broker)));
    this.namespaces.onChange(() -> withTenants().forEach(changed));
    users.onChange(user -> referenced(user).forEach(changed));
    acls.onChange(acl -> referenced(acl).forEach(changed));
    credentials.onChange(secret -> ofCredential(secret).forEach(changed));
    credentials.onChange(secret -> referring(secret).forEach(changed));
    secrets.onChange(secret -> brokersOf(secret).forEach(changed));
    owned()
        .filter(watched -> watched != secrets)
        .forEach(watched -> watched.onChange(object -> instanceOf(object).ifPresent(changed)));
  }

  /**
   * Tells {@code asked} of each broker of which something is asked: it, a user, an ACL or an own
   * credential is new, changed or deleted. A new user can wait: it has no access to lose. To be
   * called before start.
   */
  public void onAsked(BiConsumer<ResourceKey, Boolean> asked) {
    Consumer<ResourceKey> atOnce = broker -> asked.accept(broker, false);
    brokers.onAsked(broker -> atOnce.accept(ResourceKey.of(broker)));
    this.namespaces.onChange(() -> withTenants().forEach(atOnce));
    acls.onAsked(acl -> referenced(acl).forEach(atOnce));
    users.onAsked(
        user -> referenced(user).forEach(broker -> asked.accept(broker, isNewcomer(user))));
    credentials.onAsked(
        secret -> Stream.concat(ofCredential(secret), referring(secret)).forEach(atOnce));
    // By that a password, a key or a certificate is taken away, too.
    secrets.onDeleted(secret -> losing(secret).forEach(atOnce));
  }

  /** Whether no broker can know a user: nothing of it was ever written. */
  public static boolean isNewcomer(MqttUser user) {
    if (user.getMetadata().getDeletionTimestamp() != null
        || user.getFinalizers().contains(Labels.FINALIZER)) {
      return false;
    }
    var status = user.getStatus();
    return status == null
        || status.observedGeneration() == null
        || status.observedGeneration() < 0
        || Conditions.find(status.conditions(), Conditions.ACCEPTED)
            .filter(seen -> Reason.BROKER_NOT_FOUND.text().equals(seen.getReason()))
            .isPresent();
  }

  /** The brokers of users that stay, and whose Secret is gone. */
  private Stream<ResourceKey> losing(Secret secret) {
    return secret.getMetadata().getOwnerReferences().stream()
        .filter(owner -> "MqttUser".equals(owner.getKind()))
        .flatMap(owner -> users.get(secret.getMetadata().getNamespace(), owner.getName()).stream())
        .filter(user -> user.getMetadata().getDeletionTimestamp() == null)
        .flatMap(Caches::referenced);
  }

  private Stream<ResourceKey> ofCredential(Secret secret) {
    return users.ofOwnSecret(ResourceKey.of(secret)).stream().flatMap(Caches::referenced);
  }

  /** What brokers are made of. */
  private Stream<Watched<?>> owned() {
    return Stream.of(
        secrets,
        configMaps,
        services,
        serviceAccounts,
        statefulSets,
        pods,
        claims,
        disruptionBudgets,
        networkPolicies);
  }

  /** Users' Secrets carry the broker's name, too, and may be very many. */
  private static List<String> instances(HasMetadata object) {
    return instanceOf(object)
        .filter(broker -> !isOfUser(object))
        .map(ResourceKey::toString)
        .stream()
        .toList();
  }

  private static boolean isOfUser(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> "MqttUser".equals(owner.getKind()));
  }

  private static List<String> ownSecret(MqttUser user) {
    var spec = user.getSpec();
    var password = spec == null ? null : spec.password();
    var key = spec == null ? null : spec.preSharedKey();
    return Stream.of(
            password == null || password.secretRef() == null ? "" : password.secretRef().name(),
            key == null || key.secretRef() == null ? "" : key.secretRef().name())
        .filter(name -> !name.isEmpty())
        .map(name -> new ResourceKey(user.getMetadata().getNamespace(), name).toString())
        .distinct()
        .toList();
  }

  /** The broker that a user or an ACL refers to. */
  public static Stream<ResourceKey> referenced(HasMetadata resource) {
    var reference =
        switch (resource) {
          case MqttUser user when user.getSpec() != null -> user.getSpec().brokerRef();
          case MqttAcl acl when acl.getSpec() != null -> acl.getSpec().brokerRef();
          default -> null;
        };
    return brokerOf(resource, reference).stream()
        .map(key -> key.split("/", 2))
        .map(parts -> new ResourceKey(parts[0], parts[1]));
  }

  private Stream<ResourceKey> referring(Secret secret) {
    var metadata = secret.getMetadata();
    return brokers
        .inNamespace(metadata.getNamespace())
        .filter(broker -> SecretReferences.of(broker).names().contains(metadata.getName()))
        .map(ResourceKey::of);
  }

  private Stream<ResourceKey> withTenants() {
    return brokers.all().filter(Caches::hasTenants).map(ResourceKey::of);
  }

  private static boolean hasTenants(MqttBroker broker) {
    var access = broker.getSpec() == null ? null : broker.getSpec().access();
    return access != null && access.tenants() != null && !access.tenants().isEmpty();
  }

  /** The Secret of a tenant's user is not in its broker's namespace. */
  private Stream<ResourceKey> brokersOf(Secret secret) {
    var namespace = secret.getMetadata().getNamespace();
    var ofOwner =
        secret.getMetadata().getOwnerReferences().stream()
            .filter(owner -> "MqttUser".equals(owner.getKind()))
            .flatMap(owner -> users.get(namespace, owner.getName()).stream())
            .flatMap(Caches::referenced);
    return Stream.concat(instanceOf(secret).stream(), ofOwner).distinct();
  }

  private static Optional<ResourceKey> instanceOf(HasMetadata object) {
    return Optional.ofNullable(object.getMetadata().getLabels())
        .map(labels -> labels.get(Labels.INSTANCE))
        .map(broker -> new ResourceKey(object.getMetadata().getNamespace(), broker));
  }

  /** Runs all informers and waits until each has seen what there is. */
  public void start() {
    Stream.concat(all.stream().map(Watched::start), Stream.of(namespaces.start()))
        .toList()
        .forEach(started -> started.join());
  }

  /** Whether each informer is connected to the API server. */
  public boolean isLive() {
    return all.stream().allMatch(Watched::isLive) && namespaces.isLive();
  }

  @Override
  public void close() {
    all.forEach(Watched::close);
    namespaces.close();
  }
}
