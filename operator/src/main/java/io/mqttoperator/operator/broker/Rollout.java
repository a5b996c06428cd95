package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Labels;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * How far a change of the pod template may go. A StatefulSet gives it to the pods whose ordinal is
 * at least its {@code partition}: from the last leaf down to the hub, pod 0. The operator lowers
 * that one by one, each time only when all that were restarted serve again, so a change that breaks
 * a pod stops at that pod. Pure.
 */
final class Rollout {

  /** Kubernetes labels each pod of a StatefulSet with the revision of the template it is of. */
  private static final String TEMPLATE_REVISION = "controller-revision-hash";

  private Rollout() {}

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
        ? Math.min(partition(present), replicas)
        // None yet; pods that are only now added are made of the new template at once.
        : Math.min(present.getSpec().getReplicas(), replicas);
  }

  /**
   * The partition after the pods have been asked.
   *
   * @param enforces whether a pod is known to enforce the newest revision
   * @param isJoined whether a pod is ready and has its bridge
   */
  static int advance(
      StatefulSet set, List<Pod> pods, Predicate<Pod> enforces, Predicate<Pod> isJoined) {
    var partition = partition(set);
    var status = set.getStatus();
    if (partition == 0
        || status == null
        || !Objects.equals(status.getObservedGeneration(), set.getMetadata().getGeneration())) {
      return partition;
    }
    var restarted =
        pods.stream()
            .filter(pod -> PodStates.ordinal(pod) >= partition)
            .allMatch(
                pod ->
                    isOf(pod, status.getUpdateRevision())
                        && isJoined.test(pod)
                        && enforces.test(pod));
    var isThere = pods.size() >= set.getSpec().getReplicas();
    // Those that wait for the change may need it: who has failed does not hold it up, nor who
    // cannot
    // take the newest revision before it starts anew. Mosquitto's reload ends at a listener that it
    // does not have ("not currently possible to add/remove listeners").
    var others =
        pods.stream()
            .filter(pod -> PodStates.ordinal(pod) < partition - 1)
            .allMatch(pod -> isJoined.test(pod) || PodStates.hasFailed(pod));
    return restarted && others && isThere ? partition - 1 : partition;
  }

  /** Whether pods of an older template are still to be restarted. */
  static boolean isUnderWay(StatefulSet set) {
    return partition(set) > 0;
  }

  /** Whether a change of the template restarts pods. */
  static boolean restarts(StatefulSet set) {
    var status = set.getStatus();
    return isUnderWay(set)
        || (status != null
            && status.getCurrentRevision() != null
            && !status.getCurrentRevision().equals(status.getUpdateRevision()));
  }

  /** How many pods have the newest template. */
  static int restarted(StatefulSet set) {
    var status = set.getStatus();
    return status == null || status.getUpdatedReplicas() == null ? 0 : status.getUpdatedReplicas();
  }

  private static boolean isOf(Pod pod, String revision) {
    var labels = pod.getMetadata().getLabels();
    return labels != null && Objects.equals(revision, labels.get(TEMPLATE_REVISION));
  }

  static int partition(StatefulSet set) {
    var strategy = set.getSpec().getUpdateStrategy();
    return strategy == null
            || strategy.getRollingUpdate() == null
            || strategy.getRollingUpdate().getPartition() == null
        ? 0
        : strategy.getRollingUpdate().getPartition();
  }
}
