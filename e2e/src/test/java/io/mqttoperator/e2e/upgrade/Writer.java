package io.mqttoperator.e2e.upgrade;

import io.mqttoperator.e2e.Client;
import io.mqttoperator.e2e.Refused;
import io.mqttoperator.e2e.Returning;
import io.mqttoperator.e2e.Session;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Publishes 1, 2, 3, … at QoS 1; what was not acknowledged is published again. */
final class Writer extends Returning {

  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

  private final String topic;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();

  Writer(Supplier<Client> client, String topic) {
    super(client, "writer of " + topic);
    this.topic = topic;
    start();
  }

  String topic() {
    return topic;
  }

  int acknowledged() {
    return acknowledged.get();
  }

  /** How often the broker answered with an error. */
  int refusals() {
    return refusals.get();
  }

  @Override
  protected void connected(Session session) {}

  @Override
  protected void serve(Session session) {
    var code = session.publish(topic, Integer.toString(acknowledged() + 1));
    if (code >= Refused.V5_NOT_AUTHORIZED) {
      refusals.incrementAndGet();
    } else {
      acknowledged.incrementAndGet();
    }
    LockSupport.parkNanos(INTERVAL);
  }
}
