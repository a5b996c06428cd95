package io.mqttoperator.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a newer schema let in must not stop an operator that does not know it. */
class ForwardCompatibilityTest {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  @Test
  void unknownValuesAndFieldsAreRead() {
    var broker =
        SERIALIZATION.unmarshal(
            """
            kind: MqttBroker
            metadata: {name: b}
            spec:
              limits: {maxQos: 1}
              listeners:
                - name: a
                  port: 1883
                  transport: Quic
                  authentication: Kerberos
                  clientId: Certificate
                  allowedPeers: []
                  tls: {minVersion: "1.4", ciphers: [x]}
                  service: {type: Gateway, gatewayClass: x}
                  proxyProtocol: V3
              certificates: {server: {keyAlgorithm: Ed25519}}
            """,
            MqttBroker.class);
    var listener = requireNonNull(broker.getSpec().listeners()).getFirst();
    assertThat(listener.transport()).isEqualTo(Transport.UNKNOWN);
    assertThat(listener.authentication()).isEqualTo(Authentication.UNKNOWN);
    assertThat(listener.clientId()).isEqualTo(ClientIdPolicy.UNKNOWN);
    assertThat(requireNonNull(listener.tls()).minVersion()).isEqualTo(TlsVersion.UNKNOWN);
    assertThat(requireNonNull(listener.service()).type()).isEqualTo(ServiceType.UNKNOWN);
    assertThat(listener.proxyProtocol()).isEqualTo(ProxyProtocol.UNKNOWN);
    var certificates = requireNonNull(broker.getSpec().certificates());
    assertThat(requireNonNull(certificates.server()).keyAlgorithm())
        .isEqualTo(KeyAlgorithm.UNKNOWN);
  }

  @Test
  void unknownAccessAndEffectAreRead() {
    var acl =
        SERIALIZATION.unmarshal(
            """
            kind: MqttAcl
            metadata: {name: a}
            spec:
              brokerRef: {name: b, cluster: x}
              subjects: [{group: g}]
              rules: [{topics: [t], access: [Publish, Retain], effect: Audit}]
            """,
            MqttAcl.class);
    var rule = acl.getSpec().rules().getFirst();
    assertThat(rule.access()).containsExactly(Access.PUBLISH, Access.UNKNOWN);
    assertThat(rule.effect()).isEqualTo(Effect.UNKNOWN);
    assertThat(acl.getSpec().subjects().getFirst()).isEqualTo(new Subject(null, null, null, null));
  }

  @Test
  void nullsAndMissingPartsAreRead() {
    var broker =
        SERIALIZATION.unmarshal(
            """
            kind: MqttBroker
            metadata: {name: b}
            spec: {listeners: null, tolerations: null, podLabels: null, storage: {size: null}}
            status: {conditions: null}
            """,
            MqttBroker.class);
    assertThat(broker.getSpec().listeners()).isNull();
    assertThat(requireNonNull(broker.getSpec().storage()).size()).isNull();
    assertThat(broker.getStatus().observedGeneration()).isNull();
    var bare = SERIALIZATION.unmarshal("kind: MqttBroker\nmetadata: {name: b}\n", MqttBroker.class);
    assertThat(bare.getSpec()).isNull();
  }

  /** What the schema's pattern lets in; a quantity that cannot be read would stop the informer. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "0.5Gi", ".5", "1.", "100m", "1e3", "1E-2", "5n", "7u", "3k", "1Ei"})
  void quantitiesOfTheSchemaAreRead(String quantity) {
    assertThat(quantity).matches(Formats.QUANTITY);
    var storage = SERIALIZATION.unmarshal("{\"size\": \"" + quantity + "\"}", Storage.class);
    assertThat(Quantity.getAmountInBytes(storage.size())).isPositive();
  }

  @Test
  void anIntegerIsReadAsQuantity() {
    assertThat(SERIALIZATION.unmarshal("{\"size\": 5}", Storage.class).size())
        .isEqualTo(new Quantity("5"));
  }

  @Test
  void whatIsWrittenIsWhatWasRead() {
    var rule = new Rule(List.of("a"), List.of(Access.SUBSCRIBE), Effect.ALLOW);
    assertThat(SERIALIZATION.unmarshal(SERIALIZATION.asJson(rule), Rule.class)).isEqualTo(rule);
  }
}
