package io.mqttoperator.e2e.chaos;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.e2e.chaos.Ledger.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One fault after the other; a quarter of them while the one before is not over. */
final class Disturbance {

  private static final Duration POLL = Duration.ofMillis(250);

  /** Ready for so long: what a status has not told yet it has told by then. */
  private static final Duration STEADY = Duration.ofSeconds(3);

  /** The kubelet waits up to five minutes before it starts a container that often ends. */
  private static final Duration RECOVERY = Duration.ofMinutes(6);

  /** Mosquitto looks once a second, saves when more than the interval has passed, and writes. */
  private static final Duration AUTOSAVE_DELAY = Duration.ofSeconds(3);

  private static final int MOST_PAUSE_MILLIS = 8000;
  private static final int MOST_OVERLAP_MILLIS = 3000;
  private static final int LEAST_PAUSE_MILLIS = 500;

  private final Faults faults;
  private final Settings settings;
  private final Journal journal;
  private final RandomGenerator random;
  private final Stop stop;
  private final List<Outage> outages = new ArrayList<>();
  private final List<Fault> open = new ArrayList<>();
  private Duration disturbedSince = Duration.ZERO;

  Disturbance(
      Faults faults, Settings settings, Journal journal, RandomGenerator random, Stop stop) {
    this.faults = faults;
    this.settings = settings;
    this.journal = journal;
    this.random = random;
    this.stop = stop;
  }

  /** Returns when the last fault is over. */
  List<Outage> run() {
    var end = journal.now().plus(settings.length());
    while (journal.now().compareTo(end) < 0) {
      var overlaps = step();
      stop.isToldWithin(
          Duration.ofMillis(
              random.nextInt(
                  LEAST_PAUSE_MILLIS, overlaps ? MOST_OVERLAP_MILLIS : MOST_PAUSE_MILLIS)));
    }
    if (!open.isEmpty()) {
      recover("several at once", () -> true);
    }
    return outages;
  }

  private boolean step() {
    var fault = faults.any();
    var pod = faults.anyPod(fault);
    var overlaps = random.nextInt(4) == 0;
    if (open.isEmpty()) {
      disturbedSince = journal.now();
    }
    open.add(fault);
    journal.say(fault.isOfPod() ? "%s: %d".formatted(fault.label(), pod) : fault.label());
    var over = happen(fault, pod);
    if (!overlaps) {
      recover(open.size() == 1 ? fault.label() : "several at once", over);
    }
    return overlaps;
  }

  /** What is away just now cannot be ended. */
  private Faults.Over happen(Fault fault, int pod) {
    try {
      return faults.happen(fault, pod);
    } catch (KubernetesClientException | AssertionError away) {
      journal.say("that could not be done: " + away.getMessage());
      return () -> true;
    }
  }

  /** Waits until all is Ready, and stays so. */
  private void recover(String what, Faults.Over over) {
    var deadline = journal.now().plus(RECOVERY);
    var readySince = journal.now();
    while (journal.now().minus(readySince).compareTo(STEADY) < 0) {
      if (journal.now().compareTo(deadline) > 0) {
        journal.violation("not all is Ready again within " + RECOVERY);
        break;
      }
      if (!isOver(over)) {
        readySince = journal.now();
      }
      stop.isToldWithin(POLL);
    }
    journal.took("fault: " + what, readySince.minus(disturbedSince));
    var from = disturbedSince.minus(settings.autosave()).minus(AUTOSAVE_DELAY);
    open.forEach(
        fault -> outages.add(new Outage(fault.label(), fault.isKill(), from, journal.now())));
    open.clear();
  }

  private boolean isOver(Faults.Over over) {
    try {
      return over.isOver() && faults.allReady();
    } catch (KubernetesClientException away) {
      return false;
    }
  }
}
