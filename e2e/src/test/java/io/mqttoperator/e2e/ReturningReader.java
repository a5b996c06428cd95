package io.mqttoperator.e2e;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** Hears, over all its connections, what is published below a filter. */
final class ReturningReader extends Returning {

  private final String filter;
  private final List<Session> sessions = new CopyOnWriteArrayList<>();
  private volatile boolean isSubscribed;

  ReturningReader(Client client, String filter) {
    super(client, "reader of " + filter);
    this.filter = filter;
    start();
  }

  @Override
  void connected(Session session) {
    sessions.add(session);
    if (!session.isSessionPresent()) {
      session.subscribe(filter);
    }
    isSubscribed = true;
  }

  void awaitSubscribed() {
    Awaitility.await("a subscription of " + filter)
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> isSubscribed);
  }

  @Override
  void serve(Session session) {}

  List<String> heard(String topic) {
    return sessions.stream()
        .flatMap(session -> session.received().stream())
        .filter(message -> message.topic().equals(topic))
        .map(Message::payload)
        .toList();
  }
}
