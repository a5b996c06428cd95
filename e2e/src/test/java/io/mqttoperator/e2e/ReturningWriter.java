package io.mqttoperator.e2e;

import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * Publishes 1, 2, 3, … at QoS 1; what was not acknowledged is published again. With a client that
 * keeps no session: the library waits for the next connection of one that does.
 */
final class ReturningWriter extends Returning {

  private final String topic;
  private final AtomicInteger acknowledged = new AtomicInteger();

  ReturningWriter(Client client, String topic) {
    super(() -> client, "writer of " + topic);
    this.topic = topic;
    start();
  }

  String topic() {
    return topic;
  }

  int acknowledged() {
    return acknowledged.get();
  }

  void awaitMore(int count) {
    var before = acknowledged();
    Awaitility.await(count + " more of " + topic)
        .atMost(Cluster.APPLY_LIMIT)
        .until(() -> acknowledged() >= before + count);
  }

  @Override
  protected void connected(Session session) {}

  @Override
  protected void serve(Session session) {
    var code = session.publish(topic, Integer.toString(acknowledged() + 1));
    if (code == Refused.V5_NOT_AUTHORIZED) {
      throw new AssertionError("not allowed to publish " + topic);
    }
    acknowledged.incrementAndGet();
  }
}
