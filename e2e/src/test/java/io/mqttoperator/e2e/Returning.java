package io.mqttoperator.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A client that comes back whenever it is sent away. */
abstract class Returning implements AutoCloseable {

  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long BETWEEN_TRIES = TimeUnit.MILLISECONDS.toNanos(50);

  /** From the loss of a connection until there is another one. */
  record Absence(Instant began, Duration length) {}

  private final Client client;
  private final List<Absence> absences = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean isStopped;

  Returning(Client client, String name) {
    this.client = client;
    thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  /** To be called last by who constructs one. */
  final void start() {
    thread.start();
  }

  private void run() {
    var session = connect();
    while (!isStopped) {
      try {
        while (!isStopped && session.isConnected()) {
          serve(session);
          LockSupport.parkNanos(LOOK);
        }
      } catch (RuntimeException lost) {
        // Its connection ended while it waited for an answer.
      }
      var began = Instant.now();
      session.close();
      if (!isStopped) {
        session = connect();
        absences.add(new Absence(began, Duration.between(began, Instant.now())));
      }
    }
    session.close();
  }

  private Session connect() {
    while (true) {
      try {
        var session = client.connect();
        connected(session);
        return session;
      } catch (RuntimeException refused) {
        if (isStopped) {
          throw refused;
        }
        LockSupport.parkNanos(BETWEEN_TRIES);
      }
    }
  }

  abstract void connected(Session session);

  /** Whatever it does while it is connected, for a short time. */
  abstract void serve(Session session);

  List<Absence> absences() {
    return absences;
  }

  final void stop() {
    isStopped = true;
    try {
      thread.join(Cluster.APPLY_LIMIT);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
