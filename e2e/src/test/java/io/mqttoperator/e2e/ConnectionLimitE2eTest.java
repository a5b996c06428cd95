package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A listener's {@code maxConnections} holds, whatever happens to users meanwhile. */
@OnCluster
final class ConnectionLimitE2eTest {

  private static final int MOST = 3;

  private final Cluster cluster;
  private final Broker broker;
  private final List<Session> sessions = new ArrayList<>();
  private final Map<String, String> incarnation;

  ConnectionLimitE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("small");
    cluster.applyAndAwait(brokerWith(MOST) + user("guest"));
    incarnation = broker.incarnation();
  }

  @BeforeEach
  void fill() {
    for (int i = 0; i < MOST; i++) {
      // What looked whether the port is open has a slot until the broker sees that it has gone.
      awaitRoom();
    }
  }

  @AfterEach
  void leave() {
    sessions.forEach(Session::close);
    sessions.clear();
    cluster.applyAndAwait(brokerWith(MOST));
    assertThat(broker.incarnation()).isEqualTo(incarnation);
  }

  @Test
  void refusesOneMoreUntilOneHasGone() {
    assertFull();

    sessions.removeFirst().close();

    awaitRoom();
    assertFull();
  }

  @Test
  void holdsAfterAReload() {
    for (int i = 0; i < 3; i++) {
      cluster.applyAndAwait(user("newcomer-" + i));

      assertFull();
    }
  }

  @Test
  void isRaisedAndLoweredWithoutARestart() {
    assertFull();

    cluster.applyAndAwait(brokerWith(MOST + 2));
    sessions.add(broker.client("guest").connect());
    sessions.add(broker.client("guest").connect());
    assertFull();

    cluster.applyAndAwait(brokerWith(MOST - 1));
    assertThat(sessions).allMatch(Session::isConnected);
    for (int left = sessions.size(); left >= MOST; left--) {
      assertFull();
      sessions.removeFirst().close();
    }
    // Two are in, as many as may be.
    assertFull();
    sessions.removeFirst().close();
    awaitRoom();
    assertFull();
  }

  private void assertFull() {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(broker.client("guest")::connect)
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(Refused.NO_ANSWER));
    assertThat(sessions).allMatch(Session::isConnected);
  }

  /** The broker has to see the end of a connection before it takes another. */
  private void awaitRoom() {
    Awaitility.await("room for one more")
        .atMost(Cluster.APPLY_LIMIT)
        .ignoreExceptionsInstanceOf(Refused.class)
        .until(() -> sessions.add(broker.client("guest").connect()));
  }

  private static String brokerWith(int connections) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: small}
           spec:
             listeners:
             - {name: mqtts, port: 8883, clientId: Any, maxConnections: %d}
           """
        .formatted(connections);
  }

  private static String user(String name) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec: {brokerRef: {name: small}}
           """
        .formatted(name);
  }
}
