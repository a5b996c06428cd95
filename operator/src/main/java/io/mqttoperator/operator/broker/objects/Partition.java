package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.mosquitto.StartTurns;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * How far a change may go that disconnects clients: from the last leaf down to the hub, pod 0, one
 * by one, each time only when all before it serve again. So a change that breaks a pod stops at
 * that pod. A StatefulSet gives another pod template to the pods whose ordinal is at least its
 * {@code partition}; another configuration is started by the pods that do not wait for their turn.
 * Where both change, a pod gets both at once. Pure.
 */
public final class Partition {

  /** Kubernetes labels each pod of a StatefulSet with the revision of the template it is of. */
  private static final String TEMPLATE_REVISION = "controller-revision-hash";

  private Partition() {}

  /**
   * The partition to write with a template.
   *
   * @param template digest of the pod template that is wanted
   * @param replicas that are wanted
   */
  static int begin(StatefulSet present, String template, int replicas) {
    if (replicas == 1) {
      return 0;
    }
    return template.equals(Drift.annotations(present).get(Labels.TEMPLATE))
        ? Math.min(of(present), replicas)
        // None yet; pods that are only now added are made of the new template at once.
        : Math.min(present.getSpec().getReplicas(), replicas);
  }

  /**
   * The pod whose turn comes now that the pods have been asked: with the new template, the new
   * configuration, or both. Empty if it is nobody's yet, or nobody waits.
   *
   * @param turns who waits for the newest configuration
   * @param enforces whether a pod is known to enforce the newest revision, and to run with the
   *     newest configuration
   * @param isJoined whether a pod is ready and has its bridge
   */
  public static OptionalInt next(
      StatefulSet set,
      StartTurns turns,
      List<Pod> pods,
      Predicate<Pod> enforces,
      Predicate<Pod> isJoined) {
    var partition = of(set);
    var next = Math.max(partition - 1, turns.next());
    if (next < 0 || (partition > 0 && !isObserved(set))) {
      return OptionalInt.empty();
    }
    var before =
        pods.stream()
            .filter(pod -> PodStates.ordinal(pod) > next)
            .allMatch(
                pod ->
                    (partition == 0 || isOf(pod, set.getStatus().getUpdateRevision()))
                        && isJoined.test(pod)
                        && enforces.test(pod));
    var isThere = pods.size() >= set.getSpec().getReplicas();
    // Those that wait for the change may need it: who has failed does not hold it up.
    var others =
        pods.stream()
            .filter(pod -> PodStates.ordinal(pod) < next)
            .allMatch(pod -> isJoined.test(pod) || PodStates.hasFailed(pod));
    return before && others && isThere ? OptionalInt.of(next) : OptionalInt.empty();
  }

  private static boolean isObserved(StatefulSet set) {
    return set.getStatus() != null
        && Objects.equals(
            set.getStatus().getObservedGeneration(), set.getMetadata().getGeneration());
  }

  /** Whether pods of an older template are still to be restarted. */
  public static boolean isUnderWay(StatefulSet set) {
    return of(set) > 0;
  }

  /** Whether a change of the template restarts pods. */
  public static boolean restarts(StatefulSet set) {
    var status = set.getStatus();
    return isUnderWay(set)
        || (status != null
            && status.getCurrentRevision() != null
            && !status.getCurrentRevision().equals(status.getUpdateRevision()));
  }

  /** How many pods have the newest template. */
  public static int restarted(StatefulSet set) {
    var status = set.getStatus();
    return status == null || status.getUpdatedReplicas() == null ? 0 : status.getUpdatedReplicas();
  }

  private static boolean isOf(Pod pod, String revision) {
    var labels = pod.getMetadata().getLabels();
    return labels != null && Objects.equals(revision, labels.get(TEMPLATE_REVISION));
  }

  public static int of(StatefulSet set) {
    var strategy = set.getSpec().getUpdateStrategy();
    return strategy == null
            || strategy.getRollingUpdate() == null
            || strategy.getRollingUpdate().getPartition() == null
        ? 0
        : strategy.getRollingUpdate().getPartition();
  }
}
