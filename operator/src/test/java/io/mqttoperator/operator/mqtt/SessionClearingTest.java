package io.mqttoperator.operator.mqtt;

import static io.mqttoperator.operator.mqtt.InternalListener.ACCOUNT;
import static io.mqttoperator.operator.mqtt.InternalListener.OLD;
import static io.mqttoperator.operator.mqtt.InternalListener.SERVER_NAME;
import static io.mqttoperator.operator.mqtt.InternalListener.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.mqttoperator.operator.mqtt.ProofResult.Enforced;
import io.mqttoperator.operator.testing.OpensslAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the operator's own certificates can do on a broker beside the proof, and what they cannot.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SessionClearingTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  @TempDir private static Path directory;
  private static OpensslAuthority authority;
  private static OpensslAuthority.Leaf server;
  private static OperatorIdentity operator;
  private static OperatorIdentity asAlice;

  private InternalListener broker;
  private final PodConnections connections = new PodConnections(ProofListener.NONE);
  private final CompletableFuture<Throwable> aliceLost = new CompletableFuture<>();

  @BeforeAll
  static void makeCertificates() throws IOException {
    authority = new OpensslAuthority(Files.createDirectory(directory.resolve("ca")), "internal");
    server = authority.server(SERVER_NAME);
    operator = identity(authority, ACCOUNT);
    asAlice = identity(authority, "alice");
  }

  @BeforeEach
  void start() {
    broker = new InternalListener(authority, server);
    broker.mosquitto.start();
  }

  @AfterEach
  void stop() {
    connections.close();
    broker.close();
  }

  @Test
  void anOfflineSessionAndItsQueueAreGoneAlsoAfterARestart() throws InterruptedException {
    Mqtt5BlockingClient alice = alice();
    assertThat(connect(alice).isSessionPresent()).isFalse();
    alice.subscribeWith().topicFilter("inbox").qos(MqttQos.AT_LEAST_ONCE).send();
    alice.disconnect();
    publishToInbox();

    // Without clearing, whoever logs in as alice next gets it all: else this test would show
    // nothing.
    Mqtt5BlockingClient next = alice();
    try (Mqtt5Publishes inbox = next.publishes(MqttGlobalPublishFilter.ALL)) {
      assertThat(connect(next).isSessionPresent()).isTrue();
      assertThat(inbox.receive(5, TimeUnit.SECONDS)).isPresent();
    }
    next.disconnect();
    publishToInbox();

    connections.clearSession(pod(), asAlice, LONG).join();
    broker.mosquitto.stop();
    broker.mosquitto.start();

    Mqtt5BlockingClient made = alice();
    try (Mqtt5Publishes inbox = made.publishes(MqttGlobalPublishFilter.ALL)) {
      assertThat(connect(made).isSessionPresent()).isFalse();
      made.subscribeWith().topicFilter("fresh").qos(MqttQos.AT_LEAST_ONCE).send();
      made.publishWith().topic("fresh").qos(MqttQos.AT_LEAST_ONCE).send();
      assertThat(inbox.receive(5, TimeUnit.SECONDS))
          .hasValueSatisfying(p -> assertThat(p.getTopic()).hasToString("fresh"));
      assertThat(inbox.receive(200, TimeUnit.MILLISECONDS)).isEmpty();
    }
    made.disconnect();
  }

  @Test
  void aPodTellsHowManySessionsWaitForTheirClient() {
    assertThat(connections.sessionsAway(pod()).join()).as("never asked").isEmpty();
    connections.prove(pod(), operator, InternalListener.OLD, LONG).join();
    Mqtt5BlockingClient alice = alice();
    connect(alice);
    awaitSessionsAway(0);
    alice.disconnect();
    awaitSessionsAway(1);
    connect(alice());
    awaitSessionsAway(0);
  }

  private void awaitSessionsAway(int sessions) {
    Awaitility.await("sessions away: " + sessions)
        .atMost(Duration.ofSeconds(20))
        .until(() -> connections.sessionsAway(pod()).join().equals(OptionalInt.of(sessions)));
  }

  @Test
  void aLiveSessionIsTakenOver() throws Exception {
    Mqtt5BlockingClient alice = alice();
    connect(alice);
    connections.clearSession(pod(), asAlice, LONG).join();

    assertThat(aliceLost.get(5, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            Mqtt5DisconnectException.class,
            e ->
                assertThat(e.getMqttMessage().getReasonCode())
                    .isEqualTo(Mqtt5DisconnectReasonCode.SESSION_TAKEN_OVER));
    assertThat(connect(alice()).isSessionPresent()).isFalse();
  }

  @Test
  void clearingASessionThatIsNotThereSucceeds() {
    connections.clearSession(pod(), asAlice, LONG).join();
  }

  @Test
  void clearingOnABrokerThatIsDownSaysSo() {
    broker.mosquitto.kill();
    assertThatThrownBy(() -> connections.clearSession(pod(), asAlice, LONG).join())
        .hasRootCauseMessage("pod b-0: the session was not cleared: connection refused");
  }

  @Test
  void clearingASessionLeavesTheOperatorsConnectionAlone() {
    assertThat(connections.prove(pod(), operator, OLD, LONG).join()).isEqualTo(new Enforced());
    connections.clearSession(pod(), asAlice, LONG).join();
    assertThat(connections.prove(pod(), operator, OLD, LONG).join()).isEqualTo(new Enforced());
    assertThat(broker.mosquitto.log().split("New client connected", -1)).hasSize(3);
  }

  @Test
  void theOperatorsAccountCanNeitherWriteNorReadAUsersTopic() throws InterruptedException {
    Mqtt5BlockingClient account =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier(ACCOUNT)
            .serverAddress(pod().socketAddress())
            .sslConfig(MutualTls.of(operator, LONG))
            .buildBlocking();
    account.connect();
    for (String topic : new String[] {"inbox", "$SYS/x", "$mqtt-operator/revision"}) {
      assertThatThrownBy(() -> account.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send())
          .isInstanceOfSatisfying(
              Mqtt5PubAckException.class,
              e ->
                  assertThat(e.getMqttMessage().getReasonCode())
                      .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED));
    }
    try (Mqtt5Publishes read = account.publishes(MqttGlobalPublishFilter.ALL)) {
      account.subscribeWith().topicFilter("#").qos(MqttQos.AT_LEAST_ONCE).send();
      account.subscribeWith().topicFilter("$mqtt-operator/#").qos(MqttQos.AT_LEAST_ONCE).send();
      publishToInbox();
      assertThat(connections.clearSession(pod(), asAlice, LONG)).succeedsWithin(LONG);
      assertThat(read.receive(300, TimeUnit.MILLISECONDS)).isEmpty();
    }
    account.disconnect();
  }

  private void publishToInbox() {
    // By a client that we did not write, and another user: alice's would take her session over.
    var unused =
        broker.mosquitto.run(
            "mosquitto_pub",
            "-h",
            "127.0.0.1",
            "-V",
            "5",
            "-p",
            Integer.toString(broker.userPort),
            "-u",
            "bob",
            "-P",
            "secret",
            "-t",
            "inbox",
            "-q",
            "1",
            "-m",
            "old secret");
  }

  private Mqtt5BlockingClient alice() {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier("chosen-by-the-client")
        .serverHost("127.0.0.1")
        .serverPort(broker.userPort)
        .addDisconnectedListener(context -> aliceLost.complete(context.getCause()))
        .buildBlocking();
  }

  private static Mqtt5ConnAck connect(Mqtt5BlockingClient alice) {
    return alice
        .connectWith()
        .cleanStart(false)
        .sessionExpiryInterval(3600)
        .simpleAuth()
        .username("alice")
        .password("secret".getBytes(StandardCharsets.UTF_8))
        .applySimpleAuth()
        .send();
  }

  private PodEndpoint pod() {
    return broker.endpoint("uid");
  }
}
