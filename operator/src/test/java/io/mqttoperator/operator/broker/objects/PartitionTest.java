package io.mqttoperator.operator.broker.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.mosquitto.StartDigest;
import io.mqttoperator.operator.mosquitto.StartTurns;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PartitionTest {

  @Test
  void aNewTemplateWaitsBeforeTheLastPod() {
    assertThat(Partition.begin(set(3, 0), "new", 3)).isEqualTo(3);
    assertThat(Partition.begin(set(3, 2), "old", 3)).as("under way").isEqualTo(2);
  }

  /** They would else be made of the old template, and then be restarted. */
  @Test
  void podsThatAreAddedHaveTheNewTemplateAtOnce() {
    assertThat(Partition.begin(set(1, 0), "new", 3)).isEqualTo(1);
    assertThat(Partition.begin(set(3, 0), "new", 2)).as("and those that go need none").isEqualTo(2);
  }

  @Test
  void theOnlyPodIsNotWaitedFor() {
    assertThat(Partition.begin(set(1, 0), "new", 1)).isZero();
  }

  @Test
  void itGoesFromTheLastPodToTheHubWhileAllServe() {
    assertThat(next(3, pods("old", "old", "old"), 0, 1, 2)).hasValue(2);
    assertThat(next(2, pods("old", "old", "new"), 0, 1, 2)).hasValue(1);
    assertThat(next(1, pods("old", "new", "new"), 0, 1, 2)).hasValue(0);
    assertThat(next(0, pods("new", "new", "new"), 0, 1, 2)).isEmpty();
  }

  @Test
  void itWaitsForThePodThatWasRestarted() {
    assertThat(next(2, pods("old", "old", "old"), 0, 1, 2)).as("not yet").isEmpty();
    assertThat(next(2, pods("old", "old", "new"), 0, 1)).as("does not serve").isEmpty();
    assertThat(next(2, pods("old", "old"), 0, 1)).as("is not there").isEmpty();
  }

  @Test
  void itWaitsForTheOthersUnlessTheyHaveFailed() {
    var pods = pods("old", "old", "new");
    assertThat(next(2, pods, 1, 2)).as("the hub does not serve").isEmpty();
    assertThat(next(2, pods, 0, 2)).as("the one that is next").hasValue(1);
    var failed = new ArrayList<>(pods);
    failed.set(
        0,
        Samples.pod(
            "containerStatuses: [{name: mosquitto, image: x,"
                + " state: {waiting: {reason: CrashLoopBackOff}},"
                + " lastState: {terminated: {exitCode: 1}}}]"));
    assertThat(next(2, failed, 1, 2)).as("it may need the change").hasValue(1);
  }

  @Test
  void itWaitsUntilTheControllerHasSeenTheStatefulSet() {
    var set = set(3, 3);
    set.getStatus().setObservedGeneration(1L);
    var pods = pods("old", "old", "old");
    assertThat(Partition.next(set, StartTurns.NONE, pods, pod -> true, pod -> true)).isEmpty();
  }

  @Test
  void thoseThatWaitNeedNotEnforceWhatTheyDoNotHave() {
    assertThat(enforcedByNone(3, pods("old", "old", "old"))).hasValue(2);
    assertThat(enforcedByNone(2, pods("old", "old", "new")))
        .as("the one that was restarted must")
        .isEmpty();
  }

  @Test
  void aConfigurationGoesTheSameWay() {
    var pods = pods("new", "new", "new");
    assertThat(next(0, waiting(0, 1, 2), pods, 0, 1, 2)).hasValue(2);
    assertThat(next(0, waiting(0, 1), pods, 0, 1, 2)).hasValue(1);
    assertThat(next(0, waiting(0, 1), pods, 0, 1)).as("the one before does not serve").isEmpty();
    assertThat(next(0, waiting(0, 1), pods("new", "new"), 0, 1)).as("is not there").isEmpty();
    assertThat(next(0, waiting(0, 1), pods, 1, 2)).as("the hub does not serve").isEmpty();
    assertThat(next(0, waiting(0), pods, 0, 1, 2)).hasValue(0);
    assertThat(next(0, waiting(2), pods, 0, 1)).as("the way back of one").hasValue(2);
  }

  @Test
  void aPodGetsTheTemplateAndTheConfigurationAtOnce() {
    assertThat(next(3, waiting(0, 1, 2), pods("old", "old", "old"), 0, 1, 2)).hasValue(2);
    assertThat(next(2, waiting(0, 1), pods("old", "old", "new"), 0, 1, 2)).hasValue(1);
    assertThat(next(2, waiting(0, 1), pods("old", "old", "old"), 0, 1, 2)).isEmpty();
    assertThat(next(1, waiting(0, 1, 2), pods("old", "new", "new"), 0, 1, 2))
        .as("a configuration that came later")
        .hasValue(2);
  }

  private static StartTurns waiting(Integer... ordinals) {
    var waiting = new TreeMap<Integer, StartDigest>();
    for (var ordinal : ordinals) {
      waiting.put(ordinal, new StartDigest("a".repeat(32)));
    }
    return new StartTurns(waiting);
  }

  private static OptionalInt enforcedByNone(int partition, List<Pod> pods) {
    return Partition.next(set(3, partition), StartTurns.NONE, pods, pod -> false, pod -> true);
  }

  private static OptionalInt next(int partition, List<Pod> pods, Integer... serving) {
    return next(partition, StartTurns.NONE, pods, serving);
  }

  private static OptionalInt next(
      int partition, StartTurns turns, List<Pod> pods, Integer... serving) {
    var serves = Set.of(serving);
    return Partition.next(
        set(3, partition),
        turns,
        pods,
        pod -> serves.contains(PodStates.ordinal(pod)),
        pod -> serves.contains(PodStates.ordinal(pod)));
  }

  private static List<Pod> pods(String... templates) {
    return Stream.iterate(0, ordinal -> ordinal < templates.length, ordinal -> ordinal + 1)
        .map(
            ordinal -> {
              var pod = Samples.pod("containerStatuses: []");
              pod.getMetadata().setName("fleet-" + ordinal);
              pod.getMetadata()
                  .setLabels(java.util.Map.of("controller-revision-hash", templates[ordinal]));
              return pod;
            })
        .toList();
  }

  private static StatefulSet set(int replicas, int partition) {
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withGeneration(2L)
        .addToAnnotations(Labels.TEMPLATE, "old")
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withNewUpdateStrategy()
        .withNewRollingUpdate()
        .withPartition(partition)
        .endRollingUpdate()
        .endUpdateStrategy()
        .endSpec()
        .withNewStatus()
        .withObservedGeneration(2L)
        .withUpdateRevision("new")
        .endStatus()
        .build();
  }
}
