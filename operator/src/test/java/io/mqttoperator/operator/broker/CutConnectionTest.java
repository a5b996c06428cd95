package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RequestFaults;
import io.mqttoperator.operator.testing.RequestFaults.Cut;
import io.mqttoperator.operator.testing.RunningOperator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The operator dies at each of its writes, before or after the API server has taken it: the next
 * one ends where an undisturbed one does, and no stored key or password is ever replaced.
 */
@Execution(ExecutionMode.CONCURRENT)
class CutConnectionTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  @TestFactory
  Stream<DynamicTest> eachWriteCanBeTheLast() {
    return FleetChange.ALL.stream()
        .flatMap(
            change ->
                change.cuts().stream()
                    .map(
                        cut ->
                            DynamicTest.dynamicTest(
                                change.name()
                                    + ", cut "
                                    + cut.name().toLowerCase(java.util.Locale.ROOT),
                                () -> everyWrite(change, cut))));
  }

  private static void everyWrite(FleetChange change, Cut cut) throws Exception {
    var undisturbed = Fleet.in(API);
    SortedMap<String, String> expected;
    try (var pod = new FleetPod(undisturbed);
        var operator = API.operator(undisturbed.namespace())) {
      change.prepare(pod);
      quiet(undisturbed, operator);
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
  private static boolean isCutAt(
      FleetChange change, Cut cut, int at, SortedMap<String, String> expected) throws Exception {
    try (var pod = new FleetPod(Fleet.in(API))) {
      var last = lastWrite(change, cut, at, pod, expected);
      if (last.isEmpty()) {
        return false;
      }
      takeOver(pod.fleet(), "write %d: %s".formatted(at, last.get()), expected);
      pod.assertEnforces();
      return true;
    }
  }

  /** The n-th write, if there is one: after it, nothing arrives any more. */
  private static Optional<String> lastWrite(
      FleetChange change, Cut cut, int at, FleetPod pod, SortedMap<String, String> expected) {
    var fleet = pod.fleet();
    try (var dying = API.operator(fleet.namespace())) {
      change.prepare(pod);
      if (change.before() != FleetChange.Before.NOTHING) {
        quiet(fleet, dying);
      }
      var requests = dying.requests();
      requests.cutAt(cut, at);
      change.change().on(fleet);
      return isCut(requests, fleet, at, expected)
          ? Optional.of(requests.writes().getLast())
          : Optional.empty();
    }
  }

  /**
   * Whether it happens before everything is as expected, with no write more: new passwords and
   * certificates make no difference in a snapshot.
   */
  private static boolean isCut(
      RequestFaults requests, Fleet fleet, int at, SortedMap<String, String> expected) {
    var last = new int[] {requests.writes().size()};
    try {
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                var before = last[0];
                last[0] = requests.writes().size();
                return requests.isCut()
                    || (before == last[0] && FleetSnapshot.of(fleet).equals(expected));
              });
    } catch (ConditionTimeoutException stuck) {
      assertThat(FleetSnapshot.of(fleet)).as("undisturbed until write %d", at).isEqualTo(expected);
    }
    return requests.isCut();
  }

  /** Another operator ends what one has begun. */
  private static void takeOver(Fleet fleet, String write, SortedMap<String, String> expected)
      throws Exception {
    var stored = irreplaceable(fleet);
    try (var next = API.operator(fleet.namespace())) {
      await(write)
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(() -> assertThat(FleetSnapshot.of(fleet)).isEqualTo(expected));
      assertThat(next.requests().isCut()).isFalse();
    }
    FleetSnapshot.assertConsistent(fleet);
    var kept = irreplaceable(fleet);
    kept.keySet().retainAll(stored.keySet());
    stored.keySet().retainAll(kept.keySet());
    assertThat(kept).as(write).isEqualTo(stored);
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
          .filter(secret -> secret.getData().containsKey("password"))
          .ifPresent(secret -> values.put(user, Fleet.value(secret, "password")));
    }
    return values;
  }
}
