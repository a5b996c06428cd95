package io.mqttoperator.e2e.outage;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What Mosquitto can reload disturbs nobody, and a restart sends each client away once and loses
 * nothing at QoS 1: the short form of {@code e2e/outage}, on a broker of three pods.
 */
@OnCluster
final class OutageE2eTest {

  private static final int PODS = 3;

  /** Those that the broker's files are made of, each once. */
  private static final List<String> RELOADS =
      List.of(
          "user added",
          "another user deleted",
          "ACL of all clients changed",
          "certificates.server.generation",
          "listeners.mqtts.maxConnections",
          "limits.maxTopicAliases",
          "logging.connections");

  private final Cluster cluster;

  OutageE2eTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  void onlyWhoMustBeIsAwayAndOnceAndNothingIsLost() throws Exception {
    try (var broker = new BrokerUnderChange(cluster, PODS)) {
      cluster.applyAndAwait(
          broker.manifest() + Access.rules(Access.RULES, "b") + Fleet.manifests(PODS));
      broker.awaitSettled("at first");
      try (var fleet = Fleet.of(broker)) {
        fleet.start();
        var measurement = new Measurement(broker, fleet);
        for (var name : RELOADS) {
          assertUndisturbed(name, measurement.measure(change(name), 0));
        }
        assertAwayOnce(fleet, measurement.measure(change("podAnnotations"), 0));
        assertSeesAKilledBroker(measurement.measure(change("the hub's pod: broker killed"), 0));
      }
    }
  }

  private static Change change(String name) {
    return Stream.of(
            AccessChanges.all(),
            SpecChanges.reloads(PODS),
            SpecChanges.restarts(PODS),
            PodChanges.all(PODS))
        .flatMap(List::stream)
        .flatMap(round -> round.changes().stream())
        .filter(change -> change.name().startsWith(name))
        .findFirst()
        .orElseThrow();
  }

  private static void assertUndisturbed(String name, Outage outage) {
    assertThat(outage.absences()).as("who was away: " + name).isEmpty();
    assertThat(outage.roamersAbsences()).as("who was away: " + name).isEmpty();
    assertThat(outage.effect()).as(name).isEqualTo(new Effect(0, 0, PODS, true));
    assertNothingLost(outage, MqttQos.AT_LEAST_ONCE);
    assertNothingLost(outage, MqttQos.EXACTLY_ONCE);
    assertThat(outage.refusals()).as("messages refused: " + name).isEmpty();
  }

  private static void assertNothingLost(Outage outage, MqttQos qos) {
    var tally = outage.tally(qos);
    assertThat(tally.published()).as("published at " + qos).isPositive();
    assertThat(tally.lost()).as("lost at " + qos).isZero();
  }

  private static void assertAwayOnce(Fleet fleet, Outage outage) {
    assertThat(outage.effect().restarted()).isEqualTo(PODS);
    assertThat(outage.clientsAway()).isEqualTo(fleet.clients());
    assertThat(outage.mostTimesAway()).isEqualTo(1);
    assertThat(outage.newSessions()).as("sessions lost").isZero();
    assertNothingLost(outage, MqttQos.AT_LEAST_ONCE);
  }

  /** Were it not seen, nothing that is said above would mean anything. */
  private static void assertSeesAKilledBroker(Outage outage) {
    assertThat(outage.effect().restarted()).isEqualTo(1);
    assertThat(outage.clientsAway()).as("clients of the hub").isPositive();
    assertThat(outage.tally(MqttQos.AT_MOST_ONCE).lost()).as("lost at QoS 0").isPositive();
  }
}
