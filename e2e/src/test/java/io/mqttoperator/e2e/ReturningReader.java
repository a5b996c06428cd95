package io.mqttoperator.e2e;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** Hears, over all its connections, what is published below a filter. */
public final class ReturningReader extends Returning {

  private final String filter;
  private final List<Session> sessions = new CopyOnWriteArrayList<>();
  private volatile boolean isSubscribed;

  ReturningReader(Client client, String filter) {
    this(() -> client, filter);
  }

  public ReturningReader(Supplier<Client> client, String filter) {
    super(client, "reader of " + filter);
    this.filter = filter;
    start();
  }

  @Override
  protected void connected(Session session) {
    sessions.add(session);
    if (!session.isSessionPresent()) {
      session.subscribe(filter);
    }
    isSubscribed = true;
  }

  public void awaitSubscribed() {
    Awaitility.await("a subscription of " + filter)
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> isSubscribed);
  }

  @Override
  protected void serve(Session session) {}

  public List<String> heard(String topic) {
    return sessions.stream()
        .flatMap(session -> session.received().stream())
        .filter(message -> message.topic().equals(topic))
        .map(Message::payload)
        .toList();
  }
}
