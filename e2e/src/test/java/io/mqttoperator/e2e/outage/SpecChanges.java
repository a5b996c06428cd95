package io.mqttoperator.e2e.outage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Changes of the broker's own spec. The values are such that the fleet's clients are within them:
 * what is measured is the change, not the limit.
 */
final class SpecChanges {

  private static final String CLIENTS = "listeners." + BrokerSpec.CLIENTS + ".";
  private static final String SPARE = "listeners." + BrokerSpec.SPARE + ".";
  private static final String MEMORY = "limits.memory";
  private static final String EXTRA = "extra";

  private SpecChanges() {}

  /** What a reload takes, and what concerns no pod. */
  static List<Round> reloads(int replicas) {
    var changes =
        new ArrayList<>(
            List.of(
                Change.reloaded(CLIENTS + "maxConnections", 101, 102),
                Change.reloaded(CLIENTS + "allowedPeers", peers("0.0.0.0/0"), peers("10.0.0.0/8")),
                Change.reloaded(CLIENTS + "service.port", 8443, 8883),
                Change.reloaded(SPARE + "acceptTakeover", true, false),
                Change.reloaded("limits.maxTopicAliases", 20, 30),
                Change.reloaded("limits.maxQos", 2, BrokerSpec.ABSENT),
                Change.reloaded(
                    "logging.types",
                    List.of("error", "warning", "notice", "information"),
                    List.of("error", "warning", "notice")),
                Change.reloaded("logging.connections", false, true),
                Change.reloaded("storage.autosaveInterval", "50s", "60s"),
                Change.reloaded("storage.retain", false, true)));
    var rounds = new ArrayList<>(changes.stream().map(Round::of).toList());
    rounds.add(queueQos0());
    if (replicas == 1) {
      rounds.add(sessionExpiry());
    }
    return rounds;
  }

  /** Off again for those that follow, since it decides on what they lose at QoS 0. */
  private static Round queueQos0() {
    var path = "messages.queueQos0";
    return Round.of(
        Change.reloaded(path, true).named(path + " on"),
        Change.reloaded(path, false).named(path + " off"));
  }

  /** Removed again, since several pods refuse it. */
  private static Round sessionExpiry() {
    var path = "limits.sessionExpiry";
    return Round.of(
        Change.reloaded(path, "48h").named(path + " set"),
        Change.reloaded(path, BrokerSpec.ABSENT).named(path + " removed"));
  }

  private static List<Object> peers(String cidr) {
    return List.of(Map.of("ipBlock", Map.of("cidr", cidr)));
  }

  /** What Mosquitto takes at its start, and what a pod is made of. */
  static List<Round> restarts(int replicas) {
    return Stream.of(pod(), limits(replicas), listeners()).flatMap(List::stream).toList();
  }

  private static List<Round> pod() {
    return Stream.of(
            Change.restarted("podAnnotations", label(1), label(2)).often(),
            Change.restarted(
                    "image",
                    "localhost/mosquitto:local",
                    "docker.io/library/eclipse-mosquitto:2.1.2")
                .often(),
            Change.restarted("podLabels", label(1), label(2)),
            Change.restarted("resources", memory("256Mi"), memory("272Mi")),
            Change.restarted(
                "nodeSelector", Map.of("kubernetes.io/os", "linux"), BrokerSpec.ABSENT),
            Change.restarted("tolerations", tolerations("a"), tolerations("b")))
        .map(Round::of)
        .toList();
  }

  private static Map<String, String> label(int turn) {
    return Map.of("example.com/turn", "turn-" + turn);
  }

  private static Map<String, Object> memory(String limit) {
    return Map.of("requests", Map.of("memory", "64Mi"), "limits", Map.of("memory", limit));
  }

  private static List<Object> tolerations(String key) {
    return List.of(Map.of("key", "example.com/" + key, "operator", "Exists"));
  }

  private static List<Round> limits(int replicas) {
    var rounds =
        new ArrayList<>(
            Stream.of(
                    Change.restarted("limits.maxPacketSize", 1_000_000, 900_000),
                    Change.restarted("limits.maxInflightMessages", 30, 40),
                    Change.restarted("limits.maxInflightBytes", 100_000, 110_000),
                    Change.restarted("limits.maxQueuedMessages", 20_000, 30_000),
                    Change.restarted("limits.maxQueuedBytes", 300_000, 310_000),
                    Change.restarted("limits.maxKeepAlive", 600, 900))
                .map(Round::of)
                .toList());
    if (replicas == 1) {
      // On again, since several pods refuse it.
      rounds.add(
          Round.of(
              Change.restarted("messages.retain", false).named("messages.retain off"),
              Change.restarted("messages.retain", true).named("messages.retain on")));
    }
    rounds.add(
        Round.of(
            Change.restarted(MEMORY, "96Mi").named(MEMORY + " set"),
            Change.reloaded(MEMORY, "97Mi").named(MEMORY + " changed"),
            Change.restarted(MEMORY, BrokerSpec.ABSENT).named(MEMORY + " removed")));
    return rounds;
  }

  private static List<Round> listeners() {
    var rounds =
        new ArrayList<>(
            Stream.of(
                    Change.restarted(CLIENTS + "tls.minVersion", "1.3", "1.2"),
                    Change.restarted(SPARE + "port", 8901, 8900),
                    Change.restarted(SPARE + "tls.enabled", false, true),
                    Change.restarted(SPARE + "transport", "Websockets", "Mqtt"))
                .map(Round::of)
                .toList());
    rounds.add(Round.of(slow(SPARE + "authentication", SpecChanges::authentication)));
    rounds.add(Round.of(slow(SPARE + "clientId", SpecChanges::clientId)));
    rounds.add(
        Round.of(
            slow(
                "listener added",
                (broker, i) ->
                    broker.change(
                        spec ->
                            spec.withListener(
                                Map.of("name", EXTRA, "port", 8902, "maxConnections", 10)))),
            slow(
                "listener removed",
                (broker, i) -> broker.change(spec -> spec.withoutListener(EXTRA)))));
    return rounds;
  }

  /** Anonymous takes no other client id than the client's own. */
  private static BooleanSupplier authentication(BrokerUnderChange broker, int repetition) {
    return broker.change(
        spec ->
            spec.with(SPARE + "acceptTakeover", true)
                .with(SPARE + "clientId", BrokerSpec.ABSENT)
                .with(SPARE + "authentication", repetition % 2 == 0 ? "Anonymous" : "Password"));
  }

  private static BooleanSupplier clientId(BrokerUnderChange broker, int repetition) {
    return broker.change(
        spec ->
            spec.with(SPARE + "acceptTakeover", true)
                .with(SPARE + "authentication", "Password")
                .with(SPARE + "clientId", repetition % 2 == 0 ? "Any" : "Username"));
  }

  private static Change slow(String name, Change.Action action) {
    return new Change(name, Expectation.AWAY_ONCE, true, action);
  }
}
