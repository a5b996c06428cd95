package io.mqttoperator.operator.broker.revision;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.certificates.SecretKeeperTest;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.mosquitto.StartDigest;
import io.mqttoperator.operator.mosquitto.StartTurns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each change starts from what the last one has stored, as after a crash of the operator. */
class StartsTest {

  private static final StartDigest A = profile(3, 60).configuration().startDigest();
  private static final StartDigest B = profile(3, 61).configuration().startDigest();
  private static final StartDigest C = profile(3, 62).configuration().startDigest();

  private Secret stored = store(profile(3, 60), Starts.NONE);

  @Test
  void aChangeMakesAllWait() {
    assertThat(change(profile(3, 61), 3).turns()).isEqualTo(waiting(Map.of(0, A, 1, A, 2, A)));
    assertThat(stored.getData())
        .containsKeys("mosquitto.conf-" + A.hex(), "requirements-" + A.hex());
    assertThat(change(profile(3, 61), 3).turns())
        .as("and again, with nothing new")
        .isEqualTo(waiting(Map.of(0, A, 1, A, 2, A)));
  }

  @Test
  void whatAReloadTakesMakesNobodyWait() {
    var profile = profileOf("replicas: 3\nlimits: {maxKeepAlive: 60, maxQos: 1}");
    assertThat(change(profile, 3)).isEqualTo(Starts.NONE);
  }

  @Test
  void turnsThatHaveComeStayWhileAThirdConfigurationComes() {
    change(profile(3, 61), 3);
    turn(profile(3, 61), 2);
    assertThat(change(profile(3, 61), 3).turns()).isEqualTo(waiting(Map.of(0, A, 1, A)));
    var starts = change(profile(3, 62), 3);
    assertThat(starts.turns()).isEqualTo(waiting(Map.of(0, A, 1, A, 2, B)));
    assertThat(starts.earlier()).containsOnlyKeys(A, B);
    assertThat(Starts.newest(new StoredSecret(stored)).orElseThrow().start()).contains(C);
  }

  @Test
  void onTheWayBackOnlyThoseWaitThatHadTheirTurn() {
    change(profile(3, 61), 3);
    turn(profile(3, 61), 2);
    var starts = change(profile(3, 60), 3);
    assertThat(starts.turns()).isEqualTo(waiting(Map.of(2, B)));
    assertThat(starts.earlier()).containsOnlyKeys(B);
    turn(profile(3, 60), 2);
    assertThat(change(profile(3, 60), 3)).isEqualTo(Starts.NONE);
    assertThat(stored.getData()).doesNotContainKey("mosquitto.conf-" + B.hex());
  }

  @Test
  void whoIsAddedStartsWithTheNewestAndWhoGoesNeedNotWait() {
    assertThat(change(profile(5, 61), 3).turns()).isEqualTo(waiting(Map.of(0, A, 1, A, 2, A)));
    assertThat(change(profile(2, 61), 5).turns()).isEqualTo(waiting(Map.of(0, A, 1, A)));
  }

  @Test
  void theOnlyPodDoesNotWait() {
    assertThat(change(profile(1, 61), 1)).isEqualTo(Starts.NONE);
    stored = store(profile(3, 60), Starts.NONE);
    assertThat(change(profile(1, 61), 3)).isEqualTo(Starts.NONE);
  }

  @Test
  void aPodThatIsLeftOfAStatefulSetWaitsToo() {
    var profile = profile(3, 61);
    assertThat(Starts.next(profile, B, seen(Optional.empty(), List.of(pod(1)))).turns())
        .isEqualTo(waiting(Map.of(1, A)));
  }

  /** Its pods have a supervisor that knows of no turns, and are replaced. */
  @Test
  void nobodyWaitsWithAConfigurationThatDoesNotTellHowItStarts() {
    stored.getData().put("mosquitto.conf", "bGlzdGVuZXIgMQo=");
    assertThat(change(profile(3, 61), 3)).isEqualTo(Starts.NONE);
  }

  @Test
  void whoWaitsWithWhatIsNotStoredStartsWithTheNewest() {
    change(profile(3, 61), 3);
    stored.getData().remove("mosquitto.conf-" + A.hex());
    assertThat(Starts.stored(new StoredSecret(stored))).isEqualTo(Starts.NONE);
    assertThat(Starts.stored(new StoredSecret(null))).isEqualTo(Starts.NONE);
  }

  @Test
  void aPodIsToldOfItsOwnTurnAlone() {
    change(profile(3, 61), 3);
    var files = files(profile(3, 61), Starts.stored(new StoredSecret(stored)));
    var after = files.afterTurnOf(2);
    assertThat(after.wordFor(pod(2))).isEqualTo(files.revision().hex() + "/" + B.hex());
    assertThat(files.wordFor(pod(2))).isEqualTo(files.revision().hex() + "/" + A.hex());
    assertThat(after.wordFor(pod(1))).isEqualTo(files.wordFor(pod(1)));
    assertThat(after.word()).isNotEqualTo(files.word());
    assertThat(files(profile(3, 61), Starts.NONE).wordFor(pod(0))).matches("[0-9a-f]{64}");
  }

  /** What a pass does: decides, and stores. */
  private Starts change(BrokerProfile profile, int replicasBefore) {
    var pods = new ArrayList<Pod>();
    for (int ordinal = 0; ordinal < replicasBefore; ordinal++) {
      pods.add(pod(ordinal));
    }
    var set =
        Samples.YAML.unmarshal("spec: {replicas: %d}".formatted(replicasBefore), StatefulSet.class);
    var starts =
        Starts.next(profile, profile.configuration().startDigest(), seen(Optional.of(set), pods));
    stored = store(profile, starts);
    return starts;
  }

  private void turn(BrokerProfile profile, int ordinal) {
    stored = store(profile, Starts.stored(new StoredSecret(stored)).without(ordinal));
  }

  private BrokerObservation seen(Optional<StatefulSet> set, List<Pod> pods) {
    return Samples.holding(new StoredSecret(stored), set, pods, List.of());
  }

  private static Secret store(BrokerProfile profile, Starts starts) {
    return new SecretBlueprint(profile).files(files(profile, starts));
  }

  private static RevisionSecrets files(BrokerProfile profile, Starts starts) {
    try {
      return new AccessRenderer()
          .render(
              profile.configuration(),
              starts,
              Objects.requireNonNull(
                  SecretKeeperTest.keep(profile(3, 60), Samples.nothing(), Samples.NOW)),
              AccessPlan.of(List.of(), List.of(), Tenancy.none("plant")),
              1,
              0);
    } catch (DoNotFit | UnusableAuthority impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static StartTurns waiting(Map<Integer, StartDigest> waiting) {
    return new StartTurns(new TreeMap<>(waiting));
  }

  private static Pod pod(int ordinal) {
    var pod = Samples.pod("containerStatuses: []");
    pod.getMetadata().setName("fleet-" + ordinal);
    return pod;
  }

  private static BrokerProfile profile(int replicas, int keepAlive) {
    return profileOf("replicas: %d\nlimits: {maxKeepAlive: %d}".formatted(replicas, keepAlive));
  }

  private static BrokerProfile profileOf(String spec) {
    return Samples.profileWith(spec);
  }
}
