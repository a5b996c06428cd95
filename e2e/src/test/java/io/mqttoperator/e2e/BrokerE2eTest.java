package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker with nothing but defaults, from apply to Ready, and who gets in. */
@OnCluster
final class BrokerE2eTest {

  private static final String MANIFESTS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: drone}
      spec: {brokerRef: {name: fleet}}
      """;

  private final Cluster cluster;
  private final Broker broker;

  BrokerE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(MANIFESTS);
  }

  @ParameterizedTest
  @EnumSource
  void letsAUserIn(Protocol protocol) {
    try (var session = broker.client("drone").protocol(protocol).connect()) {
      assertThat(session.isConnected()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesAWrongPassword(Protocol protocol) {
    var client =
        broker.client("drone").login(broker.login("drone").withPassword("x")).protocol(protocol);

    assertThatExceptionOfType(Refused.class)
        .isThrownBy(client::connect)
        .satisfies(refused -> assertThat(refused.isNotAuthorized()).isTrue());
  }
}
