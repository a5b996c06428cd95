package io.mqttoperator.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A client that comes back whenever it is sent away. */
public abstract class Returning implements AutoCloseable {

  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long BETWEEN_TRIES = TimeUnit.MILLISECONDS.toNanos(50);

  /** From the loss of a connection until there is another one. */
  public record Absence(Instant began, Duration length) {}

  private final Supplier<Client> client;
  private final List<Absence> absences = new CopyOnWriteArrayList<>();
  private final String name;
  private Optional<Thread> thread = Optional.empty();
  private volatile boolean isStopped;

  /**
   * @param client asked anew for each try: what it connects to may move
   */
  protected Returning(Supplier<Client> client, String name) {
    this.client = client;
    this.name = name;
  }

  /** To be called last by who constructs one. */
  protected final void start() {
    thread = Optional.of(Thread.ofPlatform().daemon().name(name).start(this::run));
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
        var session = client.get().connect();
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

  protected abstract void connected(Session session);

  /** Whatever it does while it is connected, for a short time. */
  protected abstract void serve(Session session);

  public List<Absence> absences() {
    return absences;
  }

  public final void stop() {
    isStopped = true;
    try {
      thread.orElseThrow().join(Cluster.APPLY_LIMIT);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
