package io.mqttoperator.e2e.outage;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Does a change while the fleet is at work, and sees what becomes of it. */
record Measurement(BrokerUnderChange broker, Fleet fleet) {

  /** Of a rollout over several pods on a machine that does much else. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static final Duration LOOK = Duration.ofMillis(10);

  /**
   * @throws Exception as the change fails, or is not done within its time
   */
  Outage measure(Change change, int repetition) throws Exception {
    await("the broker is settled before: " + change.name(), broker::isSettled);
    fleet.awaitServed();
    var incarnations = broker.incarnations();
    var revision = broker.revision();
    var window = fleet.open();

    var started = System.nanoTime();
    var isDone = change.action().take(broker, repetition);
    await(change.name(), isDone);
    var toDone = Duration.ofNanos(System.nanoTime() - started);

    await("the broker is settled after: " + change.name(), broker::isSettled);
    var tallies = fleet.settle(window);
    var effect =
        new Effect(
            restarted(incarnations), incarnations.size(), !revision.equals(broker.revision()));
    return new Outage(
        effect,
        toDone,
        fleet.absences(window),
        fleet.roamersAbsences(window),
        tallies,
        fleet.refusals() - window.refusals(),
        fleet.newSessions() - window.sessions());
  }

  private int restarted(Map<String, String> before) {
    var now = broker.incarnations();
    return (int)
        before.entrySet().stream()
            .filter(pod -> now.containsKey(pod.getKey()))
            .filter(pod -> !Objects.equals(pod.getValue(), now.get(pod.getKey())))
            .count();
  }

  private static void await(String what, BooleanSupplier isSo) {
    Awaitility.await(what).atMost(LIMIT).pollInterval(LOOK).until(isSo::getAsBoolean);
  }
}
