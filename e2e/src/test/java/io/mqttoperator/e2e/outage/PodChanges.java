package io.mqttoperator.e2e.outage;

import io.mqttoperator.e2e.MosquittoInPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** Pods that come, go and fail. */
final class PodChanges {

  private PodChanges() {}

  /**
   * @param replicas that there are, and are again after each round
   */
  static List<Round> all(int replicas) {
    var rounds = new ArrayList<Round>();
    rounds.add(
        Round.of(
            scale("scale up, %d to %d".formatted(replicas, replicas + 1), replicas, replicas + 1),
            scale("scale down, %d to %d".formatted(replicas + 1, replicas), replicas, replicas)));
    if (replicas == 1) {
      rounds.add(ends(0, "the pod"));
    } else {
      rounds.add(ends(replicas - 1, "a leaf's pod"));
      rounds.add(ends(0, "the hub's pod"));
    }
    return rounds;
  }

  /** From one pod to several the pod that stays gets its place for a bridge. */
  private static Change scale(String name, int staying, int replicas) {
    Change.Action action =
        (broker, repetition) -> broker.change(spec -> spec.with("replicas", replicas));
    return staying == 1
        ? new Change(name, Expectation.AWAY_ONCE, true, action)
        : new Change(name, Expectation.UNDISTURBED, true, action);
  }

  private static Round ends(int ordinal, String which) {
    // In turn: a container that was restarted before waits 10 s and more, one of a new pod does
    // not.
    return Round.of(
        Change.awayOnce(
            which + " deleted", (broker, i) -> replaced(broker, ordinal, PodChanges::delete)),
        Change.awayOnce(
            which + " evicted (as by a drain)",
            (broker, i) -> replaced(broker, ordinal, PodChanges::evict)),
        Change.awayOnce(
            which + ": broker killed (SIGKILL)",
            (broker, i) -> replaced(broker, ordinal, PodChanges::kill)));
  }

  /** How a pod ends. */
  interface End {
    void of(BrokerUnderChange broker, String pod);
  }

  static BooleanSupplier replaced(BrokerUnderChange broker, int ordinal, End end) {
    var pod = BrokerUnderChange.pod(ordinal);
    var before = broker.incarnations().get(pod);
    end.of(broker, pod);
    return () -> !Objects.equals(before, broker.incarnations().get(pod)) && broker.isSettled();
  }

  static void delete(BrokerUnderChange broker, String pod) {
    var unused =
        broker
            .cluster()
            .client()
            .pods()
            .inNamespace(broker.cluster().namespace())
            .withName(pod)
            .delete();
  }

  private static void evict(BrokerUnderChange broker, String pod) {
    var mayGo =
        broker
            .cluster()
            .client()
            .pods()
            .inNamespace(broker.cluster().namespace())
            .withName(pod)
            .evict();
    if (!mayGo) {
      throw new IllegalStateException("the disruption budget does not let " + pod + " go");
    }
  }

  static void kill(BrokerUnderChange broker, String pod) {
    broker
        .cluster()
        .kubectl()
        .run("exec", pod, "-c", "mosquitto", "--", "sh", "-c", MosquittoInPod.signal("KILL"))
        .orFail();
  }
}
