package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.operator.access.Claims;
import io.mqttoperator.operator.access.Claims.Claim;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserObservation.WrittenPassword;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.kube.Watched;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the caches into one immutable record. */
final class BrokerObserver {

  private final Caches caches;
  private final KubernetesClient client;

  BrokerObserver(Caches caches, KubernetesClient client) {
    this.caches = caches;
    this.client = client;
  }

  BrokerObservation observe(ResourceKey key) {
    var names = new BrokerNames(key.namespace(), key.name(), "");
    var broker = caches.brokers.get(key.namespace(), key.name());
    var users = caches.users.of(key);
    var acls = caches.acls.of(key);
    var tenancy = tenancy(key, broker, users, acls);
    return new BrokerObservation(
        key,
        broker,
        tenancy,
        users(users, tenancy, broker, names),
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
        ofBroker(caches.claims, key).toList());
  }

  /** The containers that run, of all brokers, as connections to them are known. */
  Set<String> runningContainers() {
    return caches
        .pods
        .all()
        .filter(PodStates::isRunning)
        .map(PodStates::containerOf)
        .collect(Collectors.toSet());
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
        .limit(AccessFiles.MOST_SHARDS)
        .flatMap(index -> secret(broker, names.shard(index)).stream())
        .toList();
  }

  private List<Pod> pods(ResourceKey key, BrokerNames names) {
    return ofBroker(caches.pods, key)
        .filter(pod -> PodStates.isOf(pod, names))
        .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
        .toList();
  }

  private static <T extends HasMetadata> Stream<T> ofBroker(Watched<T> watched, ResourceKey key) {
    return watched
        .inNamespace(key.namespace())
        .filter(
            object -> {
              var labels = object.getMetadata().getLabels();
              return labels != null && key.name().equals(labels.get(Labels.INSTANCE));
            });
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
        .flatMap(watched -> ofBroker(watched, key))
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

  /** Of those who are refused by their namespace nothing more is read. */
  private List<UserObservation> users(
      List<MqttUser> users, Tenancy tenancy, Optional<MqttBroker> broker, BrokerNames names) {
    var hashes = new StoredHashes(() -> shards(broker, names));
    return Claims.of(users, tenancy).stream()
        .map(claim -> user(claim, tenancy, broker, hashes))
        .toList();
  }

  private UserObservation user(
      Claim claim, Tenancy tenancy, Optional<MqttBroker> broker, StoredHashes hashes) {
    var user = claim.user();
    if (!(claim.standing() instanceof Standing.Member)) {
      return new UserObservation(
          user, claim.claimant(), claim.standing(), Optional.empty(), Optional.empty());
    }
    var own = ownPassword(user, tenancy, broker);
    return new UserObservation(
        user,
        claim.claimant(),
        claim.standing(),
        own,
        current(user),
        own.filter(OwnSecret::isHash).flatMap(hash -> hashes.of(UserObservation.usernameOf(user))));
  }

  /** Those in the pods' files, read once where somebody needs one. */
  private static final class StoredHashes {

    private final Supplier<List<Secret>> shards;
    private @Nullable Map<Username, PasswordHash> read;

    StoredHashes(Supplier<List<Secret>> shards) {
      this.shards = shards;
    }

    Optional<PasswordHash> of(String username) {
      if (Username.problem(username).isPresent()) {
        return Optional.empty();
      }
      if (read == null) {
        read = OwnSecret.stored(shards.get());
      }
      return Optional.ofNullable(read.get(new Username(username)));
    }
  }

  private Optional<OwnPassword> ownPassword(
      MqttUser user, Tenancy tenancy, Optional<MqttBroker> broker) {
    var password = user.getSpec().password();
    if (password == null || password.secretRef() == null) {
      return Optional.empty();
    }
    var namespace = user.getMetadata().getNamespace();
    var reference = password.secretRef();
    var found =
        caches
            .credentials
            .get(namespace, reference.name())
            .map(secret -> OwnSecret.read(secret, reference))
            .orElseGet(() -> unseen(namespace, reference));
    return Optional.of(
        broker.isPresent() && !namespace.equals(tenancy.home())
            ? OwnSecret.bounded(found, BrokerProfile.passwordIterations(broker.get()))
            : found);
  }

  /**
   * Only labelled Secrets are cached: one that is not there may be there without its label, or have
   * it since a moment ago.
   */
  private OwnPassword unseen(String namespace, PasswordSecretRef reference) {
    var secret = client.secrets().inNamespace(namespace).withName(reference.name()).get();
    if (secret == null) {
      return new OwnPassword.Absent();
    }
    return isOffered(secret) ? OwnSecret.read(secret, reference) : new OwnPassword.NotOffered();
  }

  private static boolean isOffered(Secret secret) {
    var labels = secret.getMetadata().getLabels();
    return labels != null && "true".equals(labels.get(Labels.CREDENTIALS));
  }

  /** Under the name that is asked for, or under the one before, which is still there. */
  private Optional<WrittenPassword> current(MqttUser user) {
    return caches
        .secrets
        .get(user.getMetadata().getNamespace(), UserObservation.secretName(user))
        .filter(secret -> Ownership.isOurs(secret, user))
        .or(() -> caches.secrets.controlledBy(user).stream().findFirst())
        .flatMap(
            secret -> {
              var stored = new StoredSecret(secret);
              return stored
                  .bytes("password")
                  .map(
                      bytes ->
                          new WrittenPassword(
                              new SecretBytes(bytes), stored.number(Labels.PASSWORD_GENERATION)));
            });
  }
}
