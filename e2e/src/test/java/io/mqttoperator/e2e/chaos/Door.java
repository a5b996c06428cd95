package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Client;
import io.mqttoperator.e2e.Login;
import io.mqttoperator.e2e.Refused;
import io.mqttoperator.e2e.Session;
import io.mqttoperator.e2e.chaos.Pods.Member;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.TrustManagerFactory;

/**
 * Tries logins at single pods, past the Service. Only what a broker answers counts: a pod that goes
 * or comes closes connections without an answer.
 */
final class Door {

  /** Longer than a watch may lag behind a pod that has gone, with the API server away. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final Duration PAUSE = Duration.ofMillis(200);

  /** For a watch to tell that a pod is no longer what it was. */
  private static final Duration LAG = Duration.ofSeconds(2);

  private final TrustManagerFactory trust;
  private final Pods pods;
  private final Expectations expectations;
  private final Journal journal;
  private final Stop stop;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger stayedShut = new AtomicInteger();

  Door(
      TrustManagerFactory trust, Pods pods, Expectations expectations, Journal journal, Stop stop) {
    this.trust = trust;
    this.pods = pods;
    this.expectations = expectations;
    this.journal = journal;
    this.stop = stop;
  }

  /** Logins that had to succeed and did. */
  int opened() {
    return opened.get();
  }

  /** Logins that had to fail and did. */
  int stayedShut() {
    return stayedShut.get();
  }

  Client client(Login login, Member pod) {
    return Client.at(pod.address(), trust).login(login);
  }

  void mustOpenEverywhere(Login login) {
    pods.ready().forEach(pod -> mustOpen(login, pod));
  }

  void mustStayShutEverywhere(Login login) {
    pods.running().forEach(pod -> mustStayShut(login, pod));
  }

  /** As long as the login is expected to succeed, and the pod to be ready. */
  void mustOpen(Login login, Member pod) {
    var deadline = journal.now().plus(PATIENCE);
    while (expectations.isIn(login) && pods.isStillReady(pod)) {
      try {
        client(login, pod).connect().close();
        opened.incrementAndGet();
        return;
      } catch (Refused refused) {
        if (refused.isNotAuthorized()) {
          denied(login, pod);
          return;
        }
        if (journal.now().compareTo(deadline) > 0) {
          journal.violation(
              "%s cannot connect to %s, which is ready: %s"
                  .formatted(login.username(), pod.name(), refused.getMessage()));
          return;
        }
      }
      if (stop.isToldWithin(PAUSE)) {
        return;
      }
    }
  }

  private void denied(Login login, Member pod) {
    stop.isToldWithin(LAG);
    if (expectations.isIn(login) && pods.isStillReady(pod)) {
      journal.violation(
          "%s is Ready, and %s, which is ready, denies it".formatted(login.username(), pod.name()));
    } else {
      journal.say(
          "%s was denied by %s, which was about to change".formatted(login.username(), pod.name()));
    }
  }

  void mustStayShut(Login login, Member pod) {
    try (var session = client(login, pod).connect()) {
      if (expectations.isOut(login)) {
        journal.violation(
            "%s is gone, disabled, or has another password, and %s (ready: %s) lets it in: %s"
                .formatted(login.username(), pod.name(), pod.isReady(), session.isConnected()));
      }
    } catch (Refused refused) {
      if (refused.isNotAuthorized()) {
        stayedShut.incrementAndGet();
      }
    }
  }

  /** Publishes on each ready pod, and expects to be allowed, or not. */
  void mustBeAllowed(boolean isAllowed, Login login, String topic) {
    for (var pod : pods.ready()) {
      answer(login, pod, topic)
          .ifPresent(
              code -> {
                if ((code != Refused.V5_NOT_AUTHORIZED) != isAllowed && pods.isStillReady(pod)) {
                  journal.violation(
                      "%s publishes %s on %s: the answer is %d, allowed should be %s"
                          .formatted(login.username(), topic, pod.name(), code, isAllowed));
                }
              });
    }
  }

  /** The reason code; empty: the pod does not stay ready. */
  private OptionalInt answer(Login login, Member pod, String topic) {
    var deadline = journal.now().plus(PATIENCE);
    while (pods.isStillReady(pod) && journal.now().compareTo(deadline) < 0) {
      try (var session = client(login, pod).connect()) {
        return OptionalInt.of(session.publish(topic, "x"));
      } catch (Refused | CompletionException | IllegalStateException away) {
        if (stop.isToldWithin(PAUSE)) {
          break;
        }
      }
    }
    return OptionalInt.empty();
  }

  /** A session at some ready pod, whose end is to be seen. */
  Optional<Held> hold(Login login, int which) {
    var ready = pods.ready();
    if (ready.isEmpty()) {
      return Optional.empty();
    }
    var pod = ready.get(which % ready.size());
    try {
      return Optional.of(new Held(client(login, pod).connect(), login, pod));
    } catch (Refused away) {
      return Optional.empty();
    }
  }

  record Held(Session session, Login login, Member pod) {}

  /** The API has said that the session is over: so it is, or it is known to be in a moment. */
  void mustHaveEnded(Held held) {
    var deadline = journal.now().plus(LAG);
    while (held.session().isConnected() && journal.now().compareTo(deadline) < 0) {
      if (stop.isToldWithin(PAUSE)) {
        break;
      }
    }
    // A pod that was taken from the node leaves its clients without a word.
    if (held.session().isConnected() && pods.running().stream().anyMatch(held.pod()::isSameLife)) {
      journal.violation(
          "a session of %s on %s lives on".formatted(held.login().username(), held.pod().name()));
    }
    held.session().close();
  }
}
