package io.mqttoperator.operator.broker.observation;

import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Drift;
import java.util.stream.Stream;

/** Pods that exchange messages. Pure. */
public final class Star {

  private static final int DIGITS = 16;

  /** The most pods that a broker can have, as the schema says. */
  private static final int MOST = 9;

  private Star() {}

  /**
   * How many pods need what joins them: those that are wanted, and those that are still there. One
   * that is to go passes on what is published on it until it has ended.
   */
  public static int size(BrokerProfile profile, BrokerObservation seen) {
    var last = seen.pods().stream().mapToInt(PodStates::ordinal).max().orElse(0);
    return Math.max(profile.replicas(), Math.min(last + 1, MOST));
  }

  /**
   * Names what the bridges have joined: as long as the name is the same, the brokers' sessions hold
   * the bridges' subscriptions. Another volume of the hub, or a database of its that was set aside,
   * gives another name, and the bridges subscribe anew.
   */
  public static String name(BrokerProfile profile, BrokerObservation seen) {
    var name = profile.names().dataClaim(0);
    var volume =
        profile.isEphemeral()
            ? seen.hub().map(pod -> pod.getMetadata().getUid())
            : seen.claims().stream()
                .filter(claim -> name.equals(claim.getMetadata().getName()))
                .map(claim -> claim.getMetadata().getUid())
                .findFirst();
    var loss = seen.hub().flatMap(DatabaseReport::of).orElse("");
    return Drift.sha256(volume.orElse("") + loss).substring(0, DIGITS);
  }

  /** What several pods do not give, for status: as a sentence; none where there is one pod. */
  public static Stream<String> limits(BrokerProfile profile) {
    return profile.replicas() == 1
        ? Stream.empty()
        : Stream.of(
            ("Messages go from pod to pod through %s, at QoS 1 at most: without it the other pods"
                    + " serve their own clients, and catch up at QoS 1. A session, and what is"
                    + " queued for it, is on one pod: while that is away its client has another"
                    + " session elsewhere.")
                .formatted(profile.names().pod(0)));
  }
}
