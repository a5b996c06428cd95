package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Login;
import io.mqttoperator.e2e.Refused;
import io.mqttoperator.e2e.Session;
import io.mqttoperator.e2e.chaos.Ledger.Taken;
import io.mqttoperator.e2e.chaos.Pods.Member;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Publishes numbered messages at QoS 1 on one pod, and keeps each until it is acknowledged: what
 * was not, it sends again on its next connection, in order.
 */
final class Writer implements Runnable {

  /** MQTT 5, section 3.4.2.1: taken, and nobody subscribes. */
  private static final int NO_SUBSCRIBER = 0x10;

  private static final int MOST_UNACKNOWLEDGED = 20;
  private static final Duration RETRY = Duration.ofMillis(200);

  private final int ordinal;
  private final Login login;
  private final Door door;
  private final Pods pods;
  private final Journal journal;
  private final Duration interval;
  private final Stop stop;
  private final TreeSet<Integer> unacknowledged = new TreeSet<>();
  private final TreeMap<Integer, Duration> taken = new TreeMap<>();
  private int next;
  private int unheard;
  private boolean isEnding;

  Writer(
      int ordinal, Login login, Door door, Pods pods, Journal journal, int perSecond, Stop stop) {
    this.ordinal = ordinal;
    this.login = login;
    this.door = door;
    this.pods = pods;
    this.journal = journal;
    this.interval = Duration.ofMillis(1000 / perSecond);
    this.stop = stop;
  }

  String topic() {
    return ChaosRun.LOAD + "/" + ordinal;
  }

  /** Begins no more messages. */
  synchronized void finish() {
    isEnding = true;
  }

  synchronized boolean hasFinished() {
    return isEnding && unacknowledged.isEmpty();
  }

  synchronized List<Taken> taken() {
    return taken.entrySet().stream()
        .map(message -> new Taken(message.getKey(), message.getValue()))
        .toList();
  }

  /** How many were acknowledged with the word that nobody subscribes. */
  synchronized int unheard() {
    return unheard;
  }

  @Override
  public void run() {
    while (!stop.isTold()) {
      var pod = pods.member(ordinal);
      if (pod.isPresent()) {
        write(pod.get());
      }
      stop.isToldWithin(RETRY);
    }
  }

  private void write(Member pod) {
    try (var session = door.client(login, pod).connect()) {
      pending().forEach(number -> send(session, number));
      while (session.isConnected() && !stop.isToldWithin(interval)) {
        if (!pods.member(ordinal).map(pod::isSameLife).orElse(true)) {
          return;
        }
        begin().ifPresent(number -> send(session, number));
      }
    } catch (Refused refused) {
      if (refused.isNotAuthorized() && pods.isStillReady(pod)) {
        journal.violation("%s is denied by %s".formatted(login.username(), pod.name()));
      }
    }
  }

  private synchronized List<Integer> pending() {
    return List.copyOf(unacknowledged);
  }

  private synchronized Optional<Integer> begin() {
    if (isEnding || unacknowledged.size() >= MOST_UNACKNOWLEDGED) {
      return Optional.empty();
    }
    unacknowledged.add(next);
    return Optional.of(next++);
  }

  private void send(Session session, int number) {
    var unused =
        session
            .send(topic(), String.valueOf(number), false)
            .thenAccept(code -> acknowledged(number, code));
  }

  private synchronized void acknowledged(int number, int code) {
    if (code != 0 && code != NO_SUBSCRIBER) {
      journal.violation(
          "message %d of %s is refused with %d".formatted(number, login.username(), code));
    }
    unheard += code == NO_SUBSCRIBER ? 1 : 0;
    unacknowledged.remove(number);
    taken.putIfAbsent(number, journal.now());
  }
}
