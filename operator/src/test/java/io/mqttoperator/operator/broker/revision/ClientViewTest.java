package io.mqttoperator.operator.broker.revision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.mqttoperator.api.Access;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.operator.broker.AccessResources;
import io.mqttoperator.operator.testing.AskingClient;
import io.reactivex.schedulers.Schedulers;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What docs/access.md says that clients see, beside what {@link AccessDifferentialTest} asks. */
class ClientViewTest {

  private static final AccessRenderer RENDERER = new AccessRenderer();
  private static final MqttAcl BOTH =
      AccessResources.acl("for-alice", "alice", "a/#", Access.PUBLISH, Access.SUBSCRIBE);
  private static final MqttAcl BOBS = AccessResources.acl("for-bob", "bob", "b", Access.SUBSCRIBE);
  private static AskedBroker broker;

  @BeforeAll
  static void start() {
    broker = new AskedBroker(compiled(BOTH, BOBS));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  /** Mosquitto chooses the member before it asks for the member's right (subs.c). */
  @Test
  void aMemberOfAGroupWithoutTheRightTakesItsShareAway() {
    broker.enforce(compiled(BOTH, BOBS));
    var reader = new Session("reader", broker.port(), "alice", null);
    var thief = new Session("thief", broker.port(), "bob", null);
    reader.subscribe("$share/group/a/#");
    thief.subscribe("$share/group/a/#");
    IntStream.range(0, 20).forEach(i -> publish("a/" + i));
    reader.subscribe("unused");
    thief.subscribe("unused");
    assertThat(reader.topics).hasSize(10);
    assertThat(thief.topics).isEmpty();
    reader.end();
    thief.end();
  }

  @Test
  void whatIsQueuedIsCheckedWhenTheClientComesBack() {
    broker.enforce(compiled(BOTH, BOBS));
    var before = new Session("away", broker.port(), "alice", null);
    before.subscribe("a/#");
    before.end();
    publish("a/queued");
    broker.enforce(
        compiled(AccessResources.acl("for-alice", "alice", "a/later", Access.SUBSCRIBE), BOBS));
    publish("a/later");
    var after = new Session("away", broker.port(), "alice", null);
    after.subscribe("unused");
    assertThat(after.topics).containsExactly("a/later");
    after.end();
  }

  @Test
  void aWillIsDecidedWhenItIsDue() {
    for (var isTaken : List.of(true, false)) {
      broker.enforce(compiled(BOTH, BOBS));
      broker.watcher().catchUp();
      broker.watcher().delivered();
      var client = new Session("mortal", broker.port(), "alice", "a/will");
      if (!isTaken) {
        broker.enforce(compiled(BOBS));
      }
      client.leaveTheWill();
      broker.watcher().catchUp();
      assertThat(broker.watcher().delivered()).hasSize(isTaken ? 1 : 0);
    }
  }

  @Test
  void anyWillIsLetThroughButOneForTheBrokersControl() {
    broker.enforce(compiled(BOTH, BOBS));
    new Session("hopeful", broker.port(), "alice", "z/no/right").end();
    assertThatThrownBy(() -> new Session("greedy", broker.port(), "alice", "$CONTROL/x"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aUserIsThatUserOnAnAnonymousListenerToo() {
    broker.enforce(compiled(BOTH, BOBS));
    var alice = new Session("elsewhere", broker.anonymousPort(), "alice", null);
    alice.subscribe("a/#");
    publish("a/b");
    alice.subscribe("unused");
    assertThat(alice.topics).containsExactly("a/b");
    alice.end();
    for (var password : new String[] {"wrong", ""}) {
      assertThat(
              AskingClient.login(
                  broker.anonymousPort(), "alice", password, java.util.Optional.empty()))
          .isEmpty();
    }
  }

  private static void publish(String topic) {
    assertThat(AskingClient.await(broker.watcher().publish(topic, "", false))).isTrue();
  }

  private static CompiledAccess compiled(MqttAcl... acls) {
    var users = List.of(AccessResources.user("alice"), AccessResources.user("bob"));
    var asked = new AccessCase(users, List.of(acls), List.of(), List.of());
    return CompiledAccess.of(asked.plan(), RENDERER);
  }

  /** A client whose session stays when it ends. */
  private static final class Session {
    final ConcurrentLinkedQueue<String> topics = new ConcurrentLinkedQueue<>();
    private final Mqtt5AsyncClient client;

    Session(String id, int port, String username, @Nullable String will) {
      client =
          MqttClient.builder()
              .useMqttVersion5()
              .identifier(id)
              .serverHost("127.0.0.1")
              .serverPort(port)
              .executorConfig()
              .applicationScheduler(Schedulers.trampoline())
              .applyExecutorConfig()
              .buildAsync();
      client.publishes(MqttGlobalPublishFilter.ALL, this::note);
      var connect =
          client
              .connectWith()
              .cleanStart(false)
              .sessionExpiryInterval(3600)
              .simpleAuth()
              .username(username)
              .password(AccessResources.PASSWORD.getBytes(UTF_8))
              .applySimpleAuth();
      AskingClient.await(
          will == null
              ? connect.send()
              : connect.willPublish().topic(will).applyWillPublish().send());
    }

    private void note(Mqtt5Publish message) {
      topics.add(message.getTopic().toString());
    }

    void subscribe(String filter) {
      AskingClient.await(
          client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send());
    }

    void leaveTheWill() {
      AskingClient.await(
          client
              .disconnectWith()
              .reasonCode(Mqtt5DisconnectReasonCode.DISCONNECT_WITH_WILL_MESSAGE)
              .send());
    }

    void end() {
      AskingClient.await(client.disconnect());
    }
  }
}
