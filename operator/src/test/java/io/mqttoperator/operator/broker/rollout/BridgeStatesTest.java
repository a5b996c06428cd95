package io.mqttoperator.operator.broker.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.certificates.SecretKeeperTest;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BridgeStatesTest {

  private final BrokerProfile profile = Samples.profileWith("replicas: 3");
  private final BrokerSecrets secrets = SecretKeeperTest.made(profile);
  private final String first = account(0);
  private final String second = account(1);

  @Test
  void eachPodButTheHubHasAnAccountOfItsOwn() {
    assertThat(first).endsWith("-1").isNotEqualTo(second);
    assertThat(second).endsWith("-2");
    assertThat(SecretKeeperTest.made(Samples.defaults()).internal().bridges()).isEmpty();
  }

  @Test
  void allAreJoinedWhenEachIsConnectedAtBothEnds() {
    var states =
        states(
            Map.of(
                "fleet-0", Set.of(first, second),
                "fleet-1", Set.of(first),
                "fleet-2", Set.of(second)));
    assertThat(states.verdict(profile.names(), 3).isTrue()).isTrue();
    assertThat(states.joins(pod(2), profile.names())).isTrue();
  }

  @Test
  void oneEndIsNotEnough() {
    for (var lost : Set.of("fleet-0", "fleet-2")) {
      var connected =
          new HashMap<>(
              Map.of(
                  "fleet-0", Set.of(first, second),
                  "fleet-1", Set.of(first),
                  "fleet-2", Set.of(second)));
      connected.put(lost, lost.equals("fleet-0") ? Set.of(first) : Set.of());
      var states = states(connected);
      var verdict = states.verdict(profile.names(), 3);
      assertThat(verdict.reason()).as(lost).isEqualTo(Reason.BRIDGE_DISCONNECTED);
      assertThat(verdict.message()).contains("fleet-2");
      assertThat(states.joins(pod(2), profile.names())).isFalse();
      assertThat(states.joins(pod(1), profile.names())).isTrue();
      assertThat(states.joins(pod(0), profile.names())).as("the hub has none").isTrue();
    }
  }

  @Test
  void thatOfAPodThatIsToGoDoesNotCount() {
    var connected = Map.of("fleet-0", Set.of(first), "fleet-1", Set.of(first));
    assertThat(states(connected).verdict(profile.names(), 2).isTrue()).isTrue();
    assertThat(states(connected).verdict(profile.names(), 3).isTrue()).isFalse();
  }

  private BridgeStates states(Map<String, Set<String>> connected) {
    return new BridgeStates(secrets.internal().bridges(), connected);
  }

  private String account(int index) {
    return secrets.internal().bridges().get(index).account().value();
  }

  private static Pod pod(int ordinal) {
    var pod = Samples.pod("containerStatuses: []");
    pod.getMetadata().setName("fleet-" + ordinal);
    return pod;
  }
}
