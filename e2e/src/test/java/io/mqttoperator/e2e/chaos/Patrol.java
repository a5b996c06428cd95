package io.mqttoperator.e2e.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What was true when the API said so must stay true: tries any of the logins at any of the pods,
 * again and again.
 */
record Patrol(Door door, Pods pods, Expectations expectations, RandomGenerator random, Stop stop)
    implements Runnable {

  private static final Duration PAUSE = Duration.ofMillis(100);

  @Override
  public void run() {
    while (!stop.isToldWithin(PAUSE)) {
      expectations
          .anyOut(random)
          .ifPresent(login -> any(pods.running()).ifPresent(pod -> door.mustStayShut(login, pod)));
      expectations
          .anyIn(random)
          .ifPresent(login -> any(pods.ready()).ifPresent(pod -> door.mustOpen(login, pod)));
    }
  }

  private <T> Optional<T> any(List<T> all) {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }
}
