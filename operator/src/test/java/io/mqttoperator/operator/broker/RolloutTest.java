package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.mqttoperator.operator.kube.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RolloutTest {

  @Test
  void aNewTemplateWaitsBeforeTheLastPod() {
    assertThat(Rollout.begin(set(3, 0), "new", 3)).isEqualTo(3);
    assertThat(Rollout.begin(set(3, 2), "old", 3)).as("under way").isEqualTo(2);
  }

  /** They would else be made of the old template, and then be restarted. */
  @Test
  void podsThatAreAddedHaveTheNewTemplateAtOnce() {
    assertThat(Rollout.begin(set(1, 0), "new", 3)).isEqualTo(1);
    assertThat(Rollout.begin(set(3, 0), "new", 2)).as("and those that go need none").isEqualTo(2);
  }

  @Test
  void theOnlyPodIsNotWaitedFor() {
    assertThat(Rollout.begin(set(1, 0), "new", 1)).isZero();
  }

  @Test
  void itGoesFromTheLastPodToTheHubWhileAllServe() {
    var pods = pods("old", "old", "old");
    assertThat(advance(3, pods, 0, 1, 2)).isEqualTo(2);
    assertThat(advance(2, pods("old", "old", "new"), 0, 1, 2)).isEqualTo(1);
    assertThat(advance(1, pods("old", "new", "new"), 0, 1, 2)).isZero();
  }

  @Test
  void itWaitsForThePodThatWasRestarted() {
    assertThat(advance(2, pods("old", "old", "old"), 0, 1, 2)).as("not yet").isEqualTo(2);
    assertThat(advance(2, pods("old", "old", "new"), 0, 1)).as("does not serve").isEqualTo(2);
    assertThat(advance(2, pods("old", "old"), 0, 1)).as("is not there").isEqualTo(2);
  }

  @Test
  void itWaitsForTheOthersUnlessTheyHaveFailed() {
    var pods = pods("old", "old", "new");
    assertThat(advance(2, pods, 1, 2)).as("the hub does not serve").isEqualTo(2);
    assertThat(advance(2, pods, 0, 2)).as("the one that is next").isEqualTo(1);
    var failed = new ArrayList<>(pods);
    failed.set(
        0,
        Samples.pod(
            "containerStatuses: [{name: mosquitto, image: x,"
                + " state: {waiting: {reason: CrashLoopBackOff}},"
                + " lastState: {terminated: {exitCode: 1}}}]"));
    assertThat(advance(2, failed, 1, 2)).as("it may need the change").isEqualTo(1);
  }

  @Test
  void itWaitsUntilTheControllerHasSeenTheStatefulSet() {
    var set = set(3, 3);
    set.getStatus().setObservedGeneration(1L);
    assertThat(Rollout.advance(set, pods("old", "old", "old"), pod -> true, pod -> true))
        .isEqualTo(3);
  }

  /** A listener that is added, removed or moved: Mosquitto reloads nothing with it. */
  @Test
  void thoseThatWaitNeedNotEnforceWhatTheyCanTakeOnlyAtTheirStart() {
    assertThat(enforcedByNone(3, pods("old", "old", "old"))).isEqualTo(2);
    assertThat(enforcedByNone(2, pods("old", "old", "new")))
        .as("the one that was restarted must")
        .isEqualTo(2);
  }

  private static int enforcedByNone(int partition, List<Pod> pods) {
    return Rollout.advance(set(3, partition), pods, pod -> false, pod -> true);
  }

  private static int advance(int partition, List<Pod> pods, Integer... serving) {
    var serves = Set.of(serving);
    return Rollout.advance(
        set(3, partition),
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
