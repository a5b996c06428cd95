package io.mqttoperator.operator.broker.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.kube.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a broker's pods between passes: since when, and how often they were told.
 */
public final class PodMemory {

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LONGEST_START = Duration.ofSeconds(15);
  private static final int MOST_DOUBLINGS = 5;

  private String told = "";
  private int attempt;
  private @Nullable Instant nextAttempt;
  private @Nullable Instant unreachableSince;
  private @Nullable Instant scaleDownSince;
  private Map<String, Instant> startingSince = new HashMap<>();

  /** All pods have answered, and none lets in whom it should not. */
  public void answered() {
    unreachableSince = null;
  }

  /** All pods have taken what they were told of. */
  public void taken() {
    attempt = 0;
    nextAttempt = null;
  }

  /** Some have not: they are to be told again, after a pause. */
  public void untaken(Instant now) {
    if (nextAttempt == null) {
      nextAttempt = now.plus(pause());
    }
  }

  /** A proof did not come: the pods are to be told again, after a pause. */
  public void unproven(Enforcement.Pending why, Instant now) {
    if (why.reason() != Reason.POD_UNREACHABLE) {
      unreachableSince = null;
    } else if (unreachableSince == null) {
      unreachableSince = now;
    }
    untaken(now);
  }

  /** For how long, pass after pass, pods were to be removed. */
  Duration scaleDownAsked(boolean isAsked, Instant now) {
    if (!isAsked) {
      scaleDownSince = null;
      return Duration.ZERO;
    }
    if (scaleDownSince == null) {
      scaleDownSince = now;
    }
    return Duration.between(scaleDownSince, now);
  }

  /**
   * The names of the pods that started to start within the last 15 seconds, pass after pass. That
   * is how long a kubelet may need to refresh the files of a pod that it was told of; a pod that
   * takes longer is not waited for.
   */
  Set<String> starting(List<Pod> pods, Instant now) {
    var found = new HashMap<String, Instant>();
    var names = new HashSet<String>();
    for (var pod : pods) {
      if (PodStates.isStarting(pod)) {
        var container = PodStates.containerOf(pod);
        var since = startingSince.getOrDefault(container, now);
        found.put(container, since);
        if (since.plus(LONGEST_START).isAfter(now)) {
          names.add(pod.getMetadata().getName());
        }
      }
    }
    startingSince = found;
    return names;
  }

  /** Since when, pass after pass, some pod could not be asked while none let anybody in. */
  public Optional<Instant> unreachableSince() {
    return Optional.ofNullable(unreachableSince);
  }

  /**
   * How often the pods are to have been told by now.
   *
   * @param newest what they are to take
   */
  public int attempt(String newest, Instant now) {
    if (!told.equals(newest)) {
      told = newest;
      attempt = 0;
      nextAttempt = null;
    } else if (nextAttempt != null && !now.isBefore(nextAttempt)) {
      attempt++;
      nextAttempt = now.plus(pause());
    }
    return attempt;
  }

  /** Until the pods are told again; it doubles from attempt to attempt. */
  public Duration pause() {
    return FIRST_RETRY.multipliedBy(1L << Math.min(attempt, MOST_DOUBLINGS));
  }
}
