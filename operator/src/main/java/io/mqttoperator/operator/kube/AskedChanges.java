package io.mqttoperator.operator.kube;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is asked of brokers and not yet proven: since when, and whether it can wait for the small
 * writes of a pass that is under way.
 */
public final class AskedChanges {

  /**
   * For so long passes that cannot prove it yet hurry, or fail and are tried again. Of a pod that
   * nobody reaches for longer the users' statuses are to tell, all of them.
   */
  private static final Duration HURRY = Duration.ofSeconds(30);

  /**
   * What was asked.
   *
   * @param since milliseconds of the clock at the first of several
   * @param urgentSince the same of the first that cannot wait, {@link Long#MAX_VALUE} without one
   */
  private record Asked(long since, long urgentSince) {

    static Asked at(long now, boolean canWait) {
      return new Asked(now, canWait ? Long.MAX_VALUE : now);
    }

    boolean canWait() {
      return urgentSince == Long.MAX_VALUE;
    }

    Asked and(Asked other) {
      return new Asked(Math.min(since, other.since), Math.min(urgentSince, other.urgentSince));
    }
  }

  private final Clock clock;
  private final Map<ResourceKey, Asked> unseen = new ConcurrentHashMap<>();
  private final Map<ResourceKey, Asked> unproven = new ConcurrentHashMap<>();

  public AskedChanges(Clock clock) {
    this.clock = clock;
  }

  /** Something is asked of {@code key}. */
  public void add(ResourceKey key, boolean canWait) {
    unseen.merge(key, Asked.at(clock.millis(), canWait), Asked::and);
  }

  /**
   * A pass begins: it sees all that was asked before.
   *
   * @return whether something of that cannot wait, or of what was asked a moment ago and could not
   *     be proven yet
   */
  public boolean begin(ResourceKey key) {
    var asked = unseen.remove(key);
    if (asked != null) {
      unproven.merge(key, asked, Asked::and);
    }
    if (asked != null && !asked.canWait()) {
      return true;
    }
    var open = unproven.get(key);
    return open != null
        && !open.canWait()
        && clock.millis() - open.urgentSince() < HURRY.toMillis();
  }

  /** Whether something was asked since the pass began that cannot wait. */
  public boolean isUrgent(ResourceKey key) {
    var asked = unseen.get(key);
    return asked != null && !asked.canWait();
  }

  /**
   * All that the pass has seen is proven.
   *
   * @return how long that took, from the first that was asked; empty if nothing was
   */
  public Optional<Duration> proven(ResourceKey key) {
    return Optional.ofNullable(unproven.remove(key))
        .map(asked -> Duration.ofMillis(Math.max(0, clock.millis() - asked.since())));
  }

  /** What could not wait is proven; something that can was left out. */
  public void provenInPart(ResourceKey key) {
    unproven.computeIfPresent(key, (any, asked) -> Asked.at(asked.since(), true));
  }

  /** Passes begin only now: what was asked before is counted from here. */
  public void start() {
    var now = clock.millis();
    unseen.replaceAll((key, asked) -> Asked.at(now, asked.canWait()));
  }

  /** The broker is gone. */
  public void forget(ResourceKey key) {
    unproven.remove(key);
  }
}
