package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RequestFaults.Cut;
import io.mqttoperator.operator.testing.RunningOperator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The operator dies at each of its writes, before or after the API server has taken it: the next
 * one ends where an undisturbed one does, and no stored key or password is ever replaced.
 */
class CutConnectionTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String BROKER = "{podLabels: {team: a}}";

  /** What is asked of a fleet, after {@code before} has been done undisturbed. */
  private record Change(String name, Step before, Step change, Step settled) {}

  private interface Step {
    void on(Fleet fleet);
  }

  private static final Step FIRST =
      fleet -> {
        fleet.broker(BROKER);
        fleet.user("anna", "");
        fleet.user("bert", "secret: {labels: {app: x}}");
        fleet.acl("up", "up/{username}");
      };

  private static final Step FIRST_SETTLED =
      fleet -> {
        fleet.awaitAccepted();
        fleet.awaitUser("anna");
        fleet.awaitUser("bert");
        fleet.awaitAcl("up");
      };

  private static final List<Change> CHANGES =
      List.of(
          new Change("the first of all", fleet -> {}, FIRST, FIRST_SETTLED),
          new Change(
              "a user is added",
              FIRST,
              fleet -> fleet.user("carl", ""),
              fleet -> fleet.awaitUser("carl")),
          new Change(
              "a user is deleted",
              FIRST,
              fleet -> fleet.delete(MqttUser.class, "anna"),
              fleet -> fleet.awaitGone(MqttUser.class, "anna")),
          new Change(
              "an ACL is changed",
              FIRST,
              fleet -> fleet.acl("up", "other/{username}"),
              fleet -> fleet.awaitAcl("up")),
          new Change(
              "a user's Secret gets another name",
              FIRST,
              fleet -> fleet.user("bert", "secret: {name: bert-mqtt, labels: {app: y}}"),
              fleet -> fleet.awaitUser("bert")),
          new Change(
              "a server certificate is asked for anew",
              FIRST,
              fleet ->
                  fleet.broker("{podLabels: {team: a}, certificates: {server: {generation: 2}}}"),
              fleet ->
                  fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=True:Accepted")),
          new Change(
              "a pod template loses a label",
              FIRST,
              fleet -> fleet.broker("{nodeSelector: {disk: fast}}"),
              FleetTemplate::awaitNoTeam));

  /** The pod template of the last change. */
  private static final class FleetTemplate {
    static void awaitNoTeam(Fleet fleet) {
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(
              () ->
                  assertThat(
                          fleet
                              .get(io.fabric8.kubernetes.api.model.apps.StatefulSet.class, "fleet")
                              .getSpec()
                              .getTemplate()
                              .getMetadata()
                              .getLabels())
                      .doesNotContainKey("team"));
    }
  }

  @TestFactory
  Stream<DynamicTest> eachWriteCanBeTheLast() {
    return CHANGES.stream()
        .flatMap(
            change ->
                Stream.of(Cut.values())
                    .map(
                        cut ->
                            DynamicTest.dynamicTest(
                                change.name()
                                    + ", cut "
                                    + cut.name().toLowerCase(java.util.Locale.ROOT),
                                () -> everyWrite(change, cut))));
  }

  private static void everyWrite(Change change, Cut cut) throws Exception {
    var undisturbed = Fleet.in(API);
    SortedMap<String, String> expected;
    try (var operator = API.operator(undisturbed.namespace())) {
      before(change, undisturbed, operator);
      change.change().on(undisturbed);
      change.settled().on(undisturbed);
      expected = quiet(undisturbed, operator);
    }
    FleetSnapshot.assertConsistent(undisturbed);
    var writes = 0;
    while (isCutAt(change, cut, writes + 1, expected)) {
      writes++;
    }
    assertThat(writes).as("writes that were cut").isPositive();
  }

  private static void before(Change change, Fleet fleet, RunningOperator operator) {
    if (change.before() == FIRST) {
      FIRST.on(fleet);
      FIRST_SETTLED.on(fleet);
      quiet(fleet, operator);
    }
  }

  /** Until the operator has had nothing to write for a while. */
  private static SortedMap<String, String> quiet(Fleet fleet, RunningOperator operator) {
    var last = new int[] {-1};
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              var before = last[0];
              last[0] = operator.requests().writes().size();
              return before == last[0];
            });
    return FleetSnapshot.of(fleet);
  }

  /** Whether there was an n-th write. */
  private static boolean isCutAt(Change change, Cut cut, int at, SortedMap<String, String> expected)
      throws Exception {
    var fleet = Fleet.in(API);
    List<String> writes;
    try (var dying = API.operator(fleet.namespace())) {
      before(change, fleet, dying);
      var requests = dying.requests();
      requests.cutAt(cut, at);
      change.change().on(fleet);
      try {
        await()
            .atMost(Duration.ofSeconds(20))
            .pollInterval(Duration.ofMillis(50))
            .until(() -> requests.isCut() || FleetSnapshot.of(fleet).equals(expected));
      } catch (org.awaitility.core.ConditionTimeoutException stuck) {
        assertThat(FleetSnapshot.of(fleet))
            .as("undisturbed until write %d", at)
            .isEqualTo(expected);
      }
      if (!requests.isCut()) {
        return false;
      }
      writes = requests.writes();
    }
    var stored = irreplaceable(fleet);
    try (var next = API.operator(fleet.namespace())) {
      await("write %d: %s".formatted(at, writes.getLast()))
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(() -> assertThat(FleetSnapshot.of(fleet)).isEqualTo(expected));
      assertThat(next.requests().isCut()).isFalse();
    }
    FleetSnapshot.assertConsistent(fleet);
    var kept = irreplaceable(fleet);
    kept.keySet().retainAll(stored.keySet());
    stored.keySet().retainAll(kept.keySet());
    assertThat(kept).as("write %d", at).isEqualTo(stored);
    return true;
  }

  /** The authority's key and all passwords, as they are stored. */
  private static Map<String, String> irreplaceable(Fleet fleet) {
    var values = new HashMap<String, String>();
    fleet
        .find(Secret.class, "fleet-ca")
        .ifPresent(ca -> values.put("ca", Fleet.value(ca, "tls.key")));
    fleet
        .find(Secret.class, "fleet-operator")
        .ifPresent(own -> values.put("internal ca", Fleet.value(own, "ca.key")));
    for (var user : new ArrayList<>(List.of("anna", "bert", "carl"))) {
      fleet
          .find(Secret.class, user + "-mqtt")
          .ifPresent(secret -> values.put(user, Fleet.value(secret, "password")));
    }
    return values;
  }
}
