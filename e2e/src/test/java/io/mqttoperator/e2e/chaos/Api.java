package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Condition;
import io.mqttoperator.e2e.Login;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Changes through the API, again and again while it is away, and waits until it says done. */
record Api(Cluster cluster, Journal journal) {

  /** The kubelet waits up to five minutes before it starts a container that often ends. */
  static final Duration LIMIT = Duration.ofMinutes(6);

  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * Applies one object, and returns when it is Ready for that generation.
   *
   * @return whether that was within the limit; if not, it is a violation
   */
  boolean apply(String what, String kind, String name, String yaml) {
    return done(
        what,
        kind + "/" + name + " is Ready",
        () -> {
          cluster.apply(yaml);
          return true;
        },
        () -> isReady(kind, name));
  }

  /** Deletes one object, and returns when it is gone. */
  boolean delete(String what, String kind, String name) {
    return done(
        what,
        kind + "/" + name + " is gone",
        () -> {
          cluster.deleteLater(kind, name);
          return true;
        },
        () -> cluster.isGone(kind, name));
  }

  /** The credentials that a user's Secret holds now. */
  Login login(String user) {
    return Awaitility.await("the Secret of " + user)
        .atMost(LIMIT)
        .pollInterval(POLL)
        .ignoreExceptions()
        .until(() -> cluster.broker(ChaosRun.BROKER).login(user), login -> true);
  }

  private boolean isReady(String kind, String name) {
    var found = cluster.get(kind, name);
    return Condition.of(found, "Ready")
        .filter(ready -> "True".equals(ready.status()))
        .filter(ready -> ready.observedGeneration() == found.getMetadata().getGeneration())
        .isPresent();
  }

  private boolean done(
      String what, String goal, Callable<Boolean> change, Callable<Boolean> isDone) {
    var started = journal.now();
    try {
      await(goal, change);
      await(goal, isDone);
    } catch (ConditionTimeoutException late) {
      journal.violation("not within %s: %s".formatted(LIMIT, goal));
      return false;
    }
    journal.took(what, journal.now().minus(started));
    return true;
  }

  private static void await(String goal, Callable<Boolean> condition) {
    Awaitility.await(goal)
        .atMost(LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .ignoreExceptions()
        .until(condition);
  }
}
