package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners that speak MQTT over WebSockets, with and without TLS, beside one of MQTT. */
@OnCluster
final class WebsocketsE2eTest {

  private static final int WSS = 8443;
  private static final int WS = 8080;

  private static final String BROKER =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: web}
      spec:
        listeners:
        - {name: wss, port: 8443, transport: Websockets}
        - {name: ws, port: 8080, transport: Websockets, tls: {enabled: false}}
        - {name: mqtts, port: 8883}
      """;

  private static final String USERS =
      """
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: page}
      spec: {brokerRef: {name: web}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: device}
      spec: {brokerRef: {name: web}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: all}
      spec:
        brokerRef: {name: web}
        subjects: [{allUsers: true}]
        rules: [{topics: ["site/#"], access: [Publish, Subscribe]}]
      """;

  private final Cluster cluster;
  private final Broker broker;

  WebsocketsE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("web");
    cluster.applyAndAwait(BROKER + USERS);
  }

  /** The first listener that takes a password. */
  @Test
  void theSecretNamesTheScheme() {
    var secret = cluster.secret("page-mqtt");
    assertThat(URI.create(Login.text(secret, "uri")))
        .hasScheme("wss")
        .hasHost(Login.text(secret, "host"))
        .hasPort(WSS);
  }

  @ParameterizedTest
  @EnumSource
  void carryMessagesToAndFromOtherListeners(Protocol protocol) {
    for (var page : List.of(encrypted(), plain())) {
      try (var web = page.login(broker.login("page")).protocol(protocol).connect();
          var device = broker.client("device").connect()) {
        web.subscribe("site/a/#");
        device.subscribe("site/b/#");
        device.publish("site/a/1", "down");
        web.publish("site/b/1", "up");
        awaitPayload(web, "down");
        awaitPayload(device, "up");
      }
    }
  }

  @Test
  void refuseAWrongPassword() {
    var login = broker.login("page").withPassword("wrong");
    for (var page : List.of(encrypted(), plain())) {
      assertThatExceptionOfType(Refused.class).isThrownBy(page.login(login)::connect);
    }
  }

  /** A reload does not end a session over WebSockets, but that of a deleted user. */
  @Test
  void aUserThatIsDeletedIsThrownOut() {
    cluster.applyAndAwait(USERS + "---\n" + user("guest"));
    try (var guest = encrypted().login(broker.login("guest")).connect();
        var page = plain().login(broker.login("page")).connect()) {
      cluster.delete("mqu", "guest");
      Awaitility.await("the end of the session")
          .atMost(Cluster.APPLY_LIMIT)
          .until(() -> !guest.isConnected());
      assertThat(page.isConnected()).isTrue();
    }
  }

  private Client encrypted() {
    return Client.at(broker.service(WSS), broker.trust()).overWebsockets();
  }

  private Client plain() {
    return Client.withoutTls(broker.service(WS)).overWebsockets();
  }

  private static void awaitPayload(Session session, String payload) {
    Awaitility.await(payload)
        .atMost(Cluster.APPLY_LIMIT)
        .untilAsserted(
            () -> assertThat(session.received()).extracting(Message::payload).contains(payload));
  }

  private static String user(String name) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec: {brokerRef: {name: web}}
           """
        .formatted(name);
  }
}
