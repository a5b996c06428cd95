package io.mqttoperator.e2e;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A connection that the broker has let in, and what it has received. */
public interface Session extends AutoCloseable {

  /** Whether CONNACK said that the broker had a session of this client already. */
  boolean isSessionPresent();

  boolean isConnected();

  /** Waits for the broker's SUBACK, at QoS 1. */
  void subscribe(String filter);

  /** Publishes at QoS 1; see {@link #publish(String, String, boolean)}. */
  default int publish(String topic, String payload) {
    return publish(topic, payload, false);
  }

  /**
   * Publishes at QoS 1 and waits for the acknowledgement.
   *
   * @return the reason code: 0x00, 0x10 (nobody subscribes), 0x87 (not authorized); MQTT 3.1.1 has
   *     none, so there it is always 0
   */
  int publish(String topic, String payload, boolean retain);

  /** As {@link #publish(String, String)}, without waiting. */
  CompletableFuture<Integer> send(String topic, String payload, boolean retain);

  /** All messages so far, in their order. */
  List<Message> received();

  /** Sends DISCONNECT, if it is still connected. */
  @Override
  void close();
}
