package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SteadyStateTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private final Fleet fleet = Fleet.in(API);

  @Test
  void nothingIsWrittenWhereNothingIsToBeDone() {
    try (var first = API.operator(fleet.namespace())) {
      settle();
      awaitQuiet(first);
    }
    try (var restarted = API.operator(fleet.namespace())) {
      assertNoWrite(restarted);
      assertThat(restarted.requests().writes()).isEmpty();
      fleet.user("third", "");
      fleet.awaitUser("third");
      assertThat(restarted.requests().writes()).isNotEmpty();
    }
  }

  @Test
  void norWhereAPodHasProvenIt() {
    try (var running = new FleetPod(fleet)) {
      ServingPod pod;
      try (var first = API.operator(fleet.namespace())) {
        apply();
        fleet.awaitAccepted();
        pod = running.start();
        fleet.awaitCondition(MqttUser.class, "first", "Ready=True:Enforced");
        fleet.awaitCondition(MqttUser.class, "second", "Ready=True:Enforced");
        fleet.awaitCondition(MqttUser.class, "shut-out", "Ready=True:Disabled");
        fleet.awaitCondition(MqttAcl.class, "all", "Ready=True:Enforced");
        awaitQuiet(first);
        assertNoWrite(first);
      }
      var told = pod.annotations().size();
      try (var restarted = API.operator(fleet.namespace())) {
        assertNoWrite(restarted);
        assertThat(pod.annotations()).hasSize(told);
        fleet.user("third", "");
        fleet.awaitCondition(MqttUser.class, "third", "Ready=True:Enforced");
        assertThat(restarted.requests().writes()).anyMatch(write -> write.endsWith("/fleet-0"));
      }
    }
  }

  /** Over several passes; events are writes too. */
  private void assertNoWrite(RunningOperator operator) {
    await().until(() -> operator.passes() >= 1);
    var before = operator.requests().writes().size();
    for (int pass = 1; pass <= 4; pass++) {
      var ended = operator.passes() + 1;
      operator.wake(fleet.namespace(), Fleet.BROKER);
      await().until(() -> operator.passes() >= ended);
    }
    assertThat(operator.requests().writes().stream().skip(before)).isEmpty();
  }

  /** What each class checks at its end must have something to check. */
  @Test
  void secretsAreLookedFor() {
    try (var operator = API.operator(fleet.namespace())) {
      settle();
      assertThat(operator.passes()).isPositive();
    }
    assertThat(API.leaks().isKnown(fleet.value("first-mqtt", "password"))).isTrue();
    assertThat(
            API.leaks()
                .isKnown(
                    fleet.value("fleet-ca", "tls.key").lines().skip(1).findFirst().orElseThrow()))
        .isTrue();
    assertThat(API.leaks().said()).anyMatch(line -> line.contains("CertificateIssued"));
  }

  private void settle() {
    apply();
    fleet.awaitAccepted();
    fleet.awaitUser("first");
    fleet.awaitUser("second");
    fleet.awaitUser("shut-out");
    fleet.awaitAcl("all");
  }

  private void apply() {
    fleet.broker("{podLabels: {team: a}, nodeSelector: {disk: fast}, tolerations: [{key: k}]}");
    fleet.user("first", "secret: {labels: {app: x}}");
    fleet.secret(
        "own", Map.of(Labels.CREDENTIALS, "true"), Map.of("password", "correct horse battery"));
    fleet.user("second", "password: {secretRef: {name: own}}");
    fleet.user("shut-out", "disabled: true");
    fleet.acl("all", "up/{username}");
  }

  /** What the operator wrote last comes back to it as a change: it looks, and writes no more. */
  private static void awaitQuiet(RunningOperator operator) {
    await()
        .during(java.time.Duration.ofSeconds(1))
        .until(() -> operator.requests().writes().size(), new Same());
  }

  private static final class Same extends org.hamcrest.BaseMatcher<Integer> {
    private int last = -1;

    @Override
    public boolean matches(Object now) {
      var same = Integer.valueOf(last).equals(now);
      last = (Integer) now;
      return same;
    }

    @Override
    public void describeTo(org.hamcrest.Description description) {
      description.appendText("no more writes");
    }
  }
}
