package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.StartTurns;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a pass decides on, read once from the caches.
 *
 * @param existing the broker's objects by kind and name, as {@code Secret fleet-ca}
 * @param statefulSet one of {@code existing}, typed
 * @param offered the Secrets that the broker's spec refers to, by name
 */
public record BrokerObservation(
    ResourceKey key,
    Optional<MqttBroker> broker,
    Tenancy tenancy,
    List<UserObservation> users,
    List<MqttAcl> acls,
    StoredSecret authority,
    StoredSecret server,
    StoredSecret operator,
    StoredSecret internal,
    StoredSecret files,
    List<Secret> shards,
    Map<String, HasMetadata> existing,
    Optional<StatefulSet> statefulSet,
    List<Pod> pods,
    Optional<Pod> imageTrial,
    List<PersistentVolumeClaim> claims,
    Map<String, OfferedSecret> offered) {

  /** The revision that the files Secret holds; empty before the first. */
  public Optional<String> storedRevision() {
    return files.bytes(RevisionFiles.REVISION).map(StartTurns::revision);
  }

  /** A Secret of the broker's by its name; none that somebody else put there. */
  public StoredSecret secret(String name) {
    return new StoredSecret(
        existing.get("Secret " + name) instanceof Secret found
                && broker.filter(owner -> Ownership.isOurs(found, owner)).isPresent()
            ? found
            : null);
  }

  /** The hashes that pods have. */
  public StoredHashes storedHashes() {
    return new ShardHashes(shards);
  }

  /** The pod through which the others exchange messages. */
  public Optional<Pod> hub() {
    return pods.stream().filter(pod -> PodStates.ordinal(pod) == 0).findFirst();
  }

  @Override
  public String toString() {
    return "BrokerObservation[" + key + "]";
  }

  /** How many shards there are now. */
  public int shardCount() {
    return shardCount(shards);
  }

  /** How many shards these Secrets hold: they are numbered without gaps, by powers of two. */
  public static int shardCount(List<Secret> shards) {
    return Integer.highestOneBit(shards.size());
  }
}
