package io.mqttoperator.e2e.outage;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Does a change while the fleet is at work, and sees what becomes of it. */
record Measurement(BrokerUnderChange broker, Fleet fleet) {

  /**
   * @throws Exception as the change fails, or is not done within its time
   */
  Outage measure(Change change, int repetition) throws Exception {
    broker.awaitSettled("before: " + change.name());
    fleet.awaitServed();
    var incarnations = broker.incarnations();
    var processes = broker.processes();
    var revision = broker.revision();
    var window = fleet.open();

    var started = System.nanoTime();
    var isDone = change.action().take(broker, repetition);
    BrokerUnderChange.await(change.name(), isDone);
    var toDone = Duration.ofNanos(System.nanoTime() - started);

    broker.awaitSettled("after: " + change.name());
    var tallies = fleet.settle(window);
    var effect =
        new Effect(
            changed(incarnations, broker.incarnations()),
            changed(processes, broker.processes()),
            incarnations.size(),
            !revision.equals(broker.revision()));
    return new Outage(
        effect,
        toDone,
        fleet.absences(window),
        fleet.roamersAbsences(window),
        tallies,
        fleet.refusals(window),
        fleet.newSessions() - window.sessions());
  }

  private static int changed(Map<String, String> before, Map<String, String> now) {
    return (int)
        before.entrySet().stream()
            .filter(pod -> now.containsKey(pod.getKey()))
            .filter(pod -> !Objects.equals(pod.getValue(), now.get(pod.getKey())))
            .count();
  }
}
