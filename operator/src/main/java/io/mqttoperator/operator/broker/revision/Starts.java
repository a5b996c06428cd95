package io.mqttoperator.operator.broker.revision;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.StartDigest;
import io.mqttoperator.operator.mosquitto.StartTurns;
import io.mqttoperator.operator.mosquitto.StoredConfiguration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The configurations that pods run with while a change of what only a start takes goes from pod to
 * pod. All of it is in the Secret that holds the revision, so it survives the operator. Pure.
 *
 * @param earlier of those who wait, by digest; never the newest
 */
public record Starts(StartTurns turns, Map<StartDigest, StoredConfiguration> earlier) {

  public static final Starts NONE = new Starts(StartTurns.NONE, Map.of());

  public Starts {
    earlier = Map.copyOf(earlier);
  }

  /** As it was left. Who waits with a configuration that is not there starts with the newest. */
  public static Starts stored(StoredSecret files) {
    var turns = files.bytes(RevisionFiles.REVISION).map(StartTurns::parse).orElse(StartTurns.NONE);
    return of(
        turns.waiting(),
        digest ->
            configuration(
                files, RevisionFiles.configuration(digest), RevisionFiles.requirements(digest)));
  }

  /** The newest one that is stored. */
  public static Optional<StoredConfiguration> newest(StoredSecret files) {
    return configuration(files, RevisionFiles.CONFIGURATION, RevisionFiles.REQUIREMENTS);
  }

  /**
   * What it is to be: each pod goes on with what it was to start with, until it is its turn. Where
   * that is what is wanted now, as after a way back, it need not wait.
   *
   * @param wanted what is the newest from now on
   */
  public static Starts next(BrokerProfile profile, StartDigest wanted, BrokerObservation seen) {
    var newest = newest(seen.files());
    var before = newest.flatMap(StoredConfiguration::start);
    // The only pod need not wait for others. An older operator's pods do not know of turns.
    if (profile.replicas() == 1 || before.isEmpty()) {
      return NONE;
    }
    var stored = stored(seen.files());
    var waiting = new TreeMap<Integer, StartDigest>();
    present(profile, seen)
        .forEach(
            ordinal -> {
              var held = stored.turns.waiting().getOrDefault(ordinal, before.get());
              if (!held.equals(wanted)) {
                waiting.put(ordinal, held);
              }
            });
    return of(
        waiting,
        digest ->
            digest.equals(before.get()) ? newest : Optional.ofNullable(stored.earlier.get(digest)));
  }

  /** Pods that are there, or are to come again; one that is only now added waits for nobody. */
  private static IntStream present(BrokerProfile profile, BrokerObservation seen) {
    var replicas = seen.statefulSet().map(set -> set.getSpec().getReplicas()).orElse(0);
    return IntStream.concat(
            IntStream.range(0, replicas), seen.pods().stream().mapToInt(PodStates::ordinal))
        .filter(ordinal -> ordinal < profile.replicas())
        .distinct();
  }

  /** Finds a configuration by its digest. */
  private interface Source {
    Optional<StoredConfiguration> of(StartDigest digest);
  }

  private static Starts of(SortedMap<Integer, StartDigest> waiting, Source source) {
    var earlier = new HashMap<StartDigest, StoredConfiguration>();
    waiting.values().stream()
        .distinct()
        .forEach(digest -> source.of(digest).ifPresent(found -> earlier.put(digest, found)));
    var known = new TreeMap<>(waiting);
    known.values().retainAll(earlier.keySet());
    return new Starts(new StartTurns(known), earlier);
  }

  private static Optional<StoredConfiguration> configuration(
      StoredSecret files, String configuration, String requirements) {
    return files
        .bytes(configuration)
        .flatMap(
            content ->
                files.bytes(requirements).map(needed -> new StoredConfiguration(content, needed)));
  }

  /** Those of a revision that belong to earlier configurations. */
  public Map<String, byte[]> files() {
    var files = new TreeMap<String, byte[]>();
    earlier.forEach((digest, configuration) -> files.putAll(configuration.earlierFiles(digest)));
    return files;
  }

  /** The turn of one has come; what it waited with stays until the next revision. */
  public Starts without(int ordinal) {
    return new Starts(turns.without(ordinal), earlier);
  }

  public boolean isWaiting(Pod pod) {
    return turns.waits(PodStates.ordinal(pod));
  }
}
