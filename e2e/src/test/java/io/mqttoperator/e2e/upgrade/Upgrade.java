package io.mqttoperator.e2e.upgrade;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Diagnosis;
import io.mqttoperator.e2e.Installation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Upgrades the operator under brokers with clients at work, and rolls it back. Installs for
 * everybody on the cluster, and puts back what was there. {@code release/upgrade-test} runs it.
 */
public final class Upgrade {

  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final int MESSAGES = 40;
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private final Cluster cluster;
  private final Installation operator;
  private final List<BrokerUnderUpgrade> brokers;
  private final List<String> faults = new ArrayList<>();

  private Upgrade(Cluster cluster) {
    this.cluster = cluster;
    operator = new Installation(cluster);
    brokers =
        List.of(
            new BrokerUnderUpgrade(cluster, "single", 1),
            new BrokerUnderUpgrade(cluster, "trio", 3));
  }

  /** Arguments: the last version's chart and image, then the candidate's. */
  public static void main(String[] arguments) {
    var last = new Version(arguments[0], arguments[1]);
    var candidate = new Version(arguments[2], arguments[3]);
    var name = "upgrade-%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
    boolean holds;
    try (var cluster = Cluster.withNewNamespace(name)) {
      var upgrade = new Upgrade(cluster);
      var found = upgrade.revision();
      try {
        holds = upgrade.run(last, candidate);
      } catch (RuntimeException | AssertionError failure) {
        failure.printStackTrace();
        holds = false;
      }
      if (!holds) {
        System.out.println(Diagnosis.of(cluster, "upgrade"));
      }
      cluster.deleteNamespace();
      if (found == 0) {
        candidate.install(upgrade.operator);
      } else {
        Version.rollBack(upgrade.operator, found);
      }
    }
    System.exit(holds ? 0 : 1);
  }

  /** Of Helm's release as it is; 0 if there is none. */
  private int revision() {
    var releases =
        Serialization.unmarshal(
            operator.helm("list", "--filter", "^mqtt-operator$", "--output", "json"),
            JsonNode.class);
    return releases.at("/0/revision").asInt();
  }

  private boolean run(Version last, Version candidate) {
    say("installing the last version");
    last.install(operator);
    cluster.applyAndAwait(
        brokers.stream().map(BrokerUnderUpgrade::manifests).collect(Collectors.joining("---\n")));
    brokers.forEach(this::awaitSettled);
    try {
      brokers.forEach(BrokerUnderUpgrade::start);
      say(
          "%d clients are at work"
              .formatted(brokers.stream().mapToInt(BrokerUnderUpgrade::clients).sum()));
      System.out.println(Turn.head());
      turn("upgrade", () -> candidate.install(operator));
      turn("rollback", () -> Version.rollBack(operator, 0));
      turn("upgrade again", () -> candidate.install(operator));
      for (var broker : brokers) {
        var lost = broker.lost();
        say(
            "%s: %d messages at QoS 1, %d lost"
                .formatted(broker.name(), broker.acknowledged(), lost));
        if (lost > 0) {
          faults.add("%s: %d messages were lost".formatted(broker.name(), lost));
        }
      }
    } finally {
      brokers.forEach(BrokerUnderUpgrade::close);
    }
    faults.forEach(fault -> System.out.println("FAULT " + fault));
    return faults.isEmpty();
  }

  private void turn(String what, Runnable change) {
    say(what);
    var before = brokers.stream().map(broker -> State.of(broker.broker(), broker.users())).toList();
    var away = brokers.stream().map(BrokerUnderUpgrade::absences).toList();
    var refusals = brokers.stream().map(BrokerUnderUpgrade::refusals).toList();
    try (var lives = new Lives(cluster)) {
      change.run();
      var isServed = isServed(what);
      brokers.forEach(broker -> broker.awaitMore(MESSAGES));
      for (int index = 0; index < brokers.size(); index++) {
        var broker = brokers.get(index);
        var turn =
            new Turn(
                what,
                broker.name(),
                broker.replicas(),
                before.get(index),
                State.of(broker.broker(), broker.users()),
                difference(away.get(index), broker.absences()),
                broker.refusals() - refusals.get(index),
                lives.of(broker.name()));
        System.out.println(turn.row());
        faults.addAll(turn.faults());
      }
      if (isServed) {
        brokers.forEach(broker -> broker.tryUser("after-" + what.replace(' ', '-')));
        say("users of each kind are let in, and thrown out");
      }
    }
  }

  /** Whether the version of now serves the brokers; if not, why is a fault. */
  private boolean isServed(String what) {
    try {
      brokers.forEach(this::awaitSettled);
      return true;
    } catch (AssertionError | ConditionTimeoutException never) {
      for (var broker : brokers) {
        var ready = cluster.condition("mqb", broker.name(), "Ready");
        faults.add("%s: %s is not served: %s".formatted(what, broker.name(), ready));
      }
      return false;
    }
  }

  private static List<Integer> difference(List<Integer> before, List<Integer> after) {
    var difference = new ArrayList<Integer>();
    for (int index = 0; index < after.size(); index++) {
      difference.add(after.get(index) - before.get(index));
    }
    return difference;
  }

  /**
   * Until the operator of now has passed over the broker (it has made a user Ready), all is Ready,
   * and stays so: a restart that is needed has begun by then.
   */
  private void awaitSettled(BrokerUnderUpgrade broker) {
    var probe =
        broker.name() + "-probe-%05x".formatted(ThreadLocalRandom.current().nextInt(1 << 20));
    cluster.applyAndAwait(broker.user(probe, Credentials.PASSWORD).substring("---\n".length()));
    cluster.delete("mqu", probe);
    Awaitility.await(broker.name() + " is Ready with all its users, and stays so")
        .during(QUIET)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(() -> isReady(broker));
  }

  private boolean isReady(BrokerUnderUpgrade broker) {
    return isReady("mqb", broker.name())
        && isReady("mqa", broker.name() + "-own")
        && isReady("mqa", broker.name() + "-all")
        && broker.users().stream().allMatch(user -> isReady("mqu", user))
        && broker.broker().pods().size() == broker.replicas()
        && isRolledOut(broker);
  }

  private boolean isRolledOut(BrokerUnderUpgrade broker) {
    var set =
        cluster
            .client()
            .apps()
            .statefulSets()
            .inNamespace(cluster.namespace())
            .withName(broker.name())
            .require();
    var template = set.getStatus().getUpdateRevision();
    return set.getMetadata().getGeneration().equals(set.getStatus().getObservedGeneration())
        && broker.replicas() == set.getStatus().getReadyReplicas()
        && broker.broker().pods().stream()
            .allMatch(
                pod ->
                    template.equals(pod.getMetadata().getLabels().get("controller-revision-hash")));
  }

  private boolean isReady(String kind, String name) {
    long generation = cluster.get(kind, name).getMetadata().getGeneration();
    return cluster
        .condition(kind, name, "Ready")
        .filter(ready -> "True".equals(ready.status()) && ready.observedGeneration() == generation)
        .isPresent();
  }

  private static void say(String what) {
    System.out.printf("%tT %s%n", Instant.now().atZone(java.time.ZoneOffset.UTC), what);
  }
}
