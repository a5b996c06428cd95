package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Login;
import io.mqttoperator.e2e.Message;
import io.mqttoperator.e2e.Refused;
import io.mqttoperator.e2e.Session;
import io.mqttoperator.e2e.chaos.Pods.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Subscribes to all messages on one pod, with a session that outlives its connections. */
final class Reader implements Runnable {

  private static final Duration RETRY = Duration.ofMillis(200);

  private final int ordinal;
  private final Login login;
  private final Door door;
  private final Pods pods;
  private final Journal journal;
  private final Stop stop;
  private final List<Session> sessions = Collections.synchronizedList(new ArrayList<>());
  private final List<Duration> sessionsLost = Collections.synchronizedList(new ArrayList<>());
  private boolean isSubscribed;
  private volatile boolean hasSubscribed;

  Reader(int ordinal, Login login, Door door, Pods pods, Journal journal, Stop stop) {
    this.ordinal = ordinal;
    this.login = login;
    this.door = door;
    this.pods = pods;
    this.journal = journal;
    this.stop = stop;
  }

  String name() {
    return login.username();
  }

  /** Whether it ever has. */
  boolean hasSubscribed() {
    return hasSubscribed;
  }

  /** When its session was not there any more. */
  List<Duration> sessionsLost() {
    synchronized (sessionsLost) {
      return List.copyOf(sessionsLost);
    }
  }

  /** The numbers that came on a topic, in their order. */
  List<Integer> received(String topic) {
    List<Session> all;
    synchronized (sessions) {
      all = List.copyOf(sessions);
    }
    return all.stream()
        .flatMap(session -> session.received().stream())
        .filter(message -> message.topic().equals(topic))
        .map(Message::payload)
        .map(Integer::valueOf)
        .toList();
  }

  @Override
  public void run() {
    while (!stop.isTold()) {
      var pod = pods.member(ordinal);
      if (pod.isPresent()) {
        read(pod.get());
      }
      stop.isToldWithin(RETRY);
    }
  }

  private void read(Member pod) {
    try (var session = door.client(login, pod).keepingSession().connect()) {
      sessions.add(session);
      subscribe(session, pod);
      while (session.isConnected() && !stop.isToldWithin(RETRY)) {
        if (!pods.member(ordinal).map(pod::isSameLife).orElse(true)) {
          return;
        }
      }
    } catch (Refused refused) {
      if (refused.isNotAuthorized() && pods.isStillReady(pod)) {
        journal.violation("%s is denied by %s".formatted(login.username(), pod.name()));
      }
    } catch (CompletionException | IllegalStateException away) {
      // It went while it was asked to subscribe.
    }
  }

  private void subscribe(Session session, Member pod) {
    if (hasSubscribed && !session.isSessionPresent()) {
      sessionsLost.add(journal.now());
      journal.say("%s has lost its session on %s".formatted(login.username(), pod.name()));
      isSubscribed = false;
    }
    if (!isSubscribed) {
      session.subscribe(ChaosRun.LOAD + "/#");
      isSubscribed = true;
      hasSubscribed = true;
    }
  }
}
