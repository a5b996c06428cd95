package io.mqttoperator.operator.broker.profile;

import static io.mqttoperator.operator.broker.Samples.defaults;
import static io.mqttoperator.operator.broker.Samples.listener;
import static io.mqttoperator.operator.broker.Samples.profile;
import static io.mqttoperator.operator.broker.Samples.profileWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fabric8.kubernetes.api.model.Quantity;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.observation.Star;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import io.mqttoperator.operator.mosquitto.Encryption;
import io.mqttoperator.operator.pki.KeyAlgorithm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerProfileTest {

  @Test
  void aBrokerWithoutASpecHasAllDefaults() {
    var profile = defaults();
    assertThat(profile.image()).isEqualTo("mosquitto:2.1.2");
    assertThat(profile.listeners()).hasSize(1);
    var listener = profile.listeners().getFirst();
    assertThat(listener.name()).isEqualTo("mqtts");
    assertThat(listener.port()).isEqualTo(8883);
    assertThat(listener.servicePort()).isEqualTo(8883);
    assertThat(listener.scheme()).isEqualTo("mqtts");
    assertThat(listener.configuration().encryption()).isEqualTo(Encryption.TLS_1_2);
    assertThat(listener.configuration().authentication()).isEqualTo(ClientAuthentication.PASSWORD);
    assertThat(listener.configuration().clientIdFromUsername()).isTrue();
    assertThat(listener.configuration().maxConnections()).isEqualTo(1000);
    assertThat(profile.authority())
        .isEqualTo(settings(Duration.ofDays(3650), Duration.ofDays(365)));
    assertThat(profile.server()).isEqualTo(settings(Duration.ofDays(90), Duration.ofDays(30)));
    assertThat(profile.retainAuthority()).isTrue();
    assertThat(profile.passwordIterations()).isEqualTo(1000);
    assertThat(profile.storage().size()).isEqualTo(new Quantity("1Gi"));
    assertThat(profile.autosaveInterval()).isEqualTo(Duration.ofSeconds(60));
    assertThat(profile.retainsVolume()).isTrue();
    assertThat(profile.isEphemeral()).isFalse();
    assertThat(profile.isPaused()).isFalse();
    assertThat(profile.warnings()).isEmpty();
  }

  @Test
  void whatIsAskedForIsTaken() {
    var profile = profile(Samples.broker("everything"));
    assertThat(profile.image()).isEqualTo("registry.example.com/mosquitto:2.1.3");
    assertThat(profile.listeners())
        .extracting(ListenerProfile::servicePort)
        .containsExactly(443, 1883, 2883);
    assertThat(profile.listeners().getFirst().configuration().encryption())
        .isEqualTo(Encryption.TLS_1_3);
    assertThat(profile.authority().keyAlgorithm()).isEqualTo(KeyAlgorithm.ECDSA_P384);
    assertThat(profile.authority().renewBefore()).isEqualTo(Duration.ofDays(30));
    assertThat(profile.retainAuthority()).isFalse();
    assertThat(profile.server().keyAlgorithm()).isEqualTo(KeyAlgorithm.RSA_2048);
    assertThat(profile.server().generation()).isEqualTo(3);
    assertThat(profile.server().additionalNames()).hasSize(3);
    assertThat(profile.passwordIterations()).isEqualTo(5000);
    assertThat(profile.autosaveInterval()).isEqualTo(Duration.ofMinutes(5));
    assertThat(profile.retainsVolume()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"87600h, 8760h", "24000h, 8000h", "3h, 1h"})
  void anAuthorityIsRenewedAYearAheadOrAThirdOfItsLife(String validity, String renewBefore) {
    var profile = profileWith("certificates: {authority: {validity: %s}}".formatted(validity));
    assertThat(profile.authority().renewBefore()).isEqualTo(AskedDuration.of(renewBefore, ""));
  }

  @ParameterizedTest
  @CsvSource({"2160h, 720h", "87600h, 720h", "3h, 1h"})
  void aServerIsRenewedAThirdAheadAtMostAMonth(String validity, String renewBefore) {
    var profile = profileWith("certificates: {server: {validity: %s}}".formatted(validity));
    assertThat(profile.server().renewBefore()).isEqualTo(AskedDuration.of(renewBefore, ""));
  }

  @Test
  void ciphersAreOfAClosedSet() {
    var listener = "listeners: [{name: a, port: 1883, tls: {%s}}]";
    var narrowed =
        profileWith(
            listener.formatted(
                "ciphers: [AES128-SHA, ECDHE-RSA-AES128-SHA], cipherSuites: [TLS_AES_128_GCM_SHA256]"));
    assertThat(new String(narrowed.configuration().render(), StandardCharsets.UTF_8))
        .contains(
            """
            tls_version tlsv1.2
            ciphers AES128-SHA:ECDHE-RSA-AES128-SHA
            ciphers_tls1.3 TLS_AES_128_GCM_SHA256
            """);
    for (var unknown : List.of("ciphers: [RC4-SHA]", "cipherSuites: [TLS_NULL]")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> profileWith(listener.formatted(unknown)))
          .withMessageContaining("spec.listeners, a: tls.cipher");
    }
    var plain = profileWith(listener.formatted("enabled: false, ciphers: [AES128-SHA]"));
    assertThat(new String(plain.configuration().render(), StandardCharsets.UTF_8))
        .doesNotContain("ciphers");
  }

  @Test
  void whatIsNotSafeIsSaid() {
    assertThat(profile(Samples.broker("everything")).warnings())
        .containsExactly(
            "Listener 1-plain has no TLS: passwords and messages can be read on the network.",
            "Listener 1-plain lets clients choose their client id (clientId: Any): a client can"
                + " take over any session of the broker.",
            "Listener kiosk lets in clients without a name: they may do what ACLs grant to"
                + " anonymous.",
            "Listener kiosk lets clients choose their client id (clientId: Any): a client can"
                + " take over any session of the broker.");
  }

  @Test
  void whatSeveralPodsDoNotGiveIsSaid() {
    assertThat(Star.limits(Samples.profileWith("{}"))).isEmpty();
    assertThat(Star.limits(Samples.profileWith("replicas: 2")))
        .singleElement()
        .asString()
        .startsWith("Messages go from pod to pod through fleet-0, at QoS 1 at most: ");
  }

  @Test
  void whoeverMayStateAnAddressIsSaid() {
    var proxied = "listeners: [{name: a, port: 1883, tls: {enabled: false}, proxyProtocol: V1%s}]";
    var warning =
        "Listener a takes the client's address from a PROXY header, from anybody: set allowedPeers"
            + " to let in the proxies alone.";
    assertThat(Samples.profileWith(proxied.formatted("")).warnings()).contains(warning);
    var narrowed = Samples.profileWith(proxied.formatted(", allowedPeers: [{podSelector: {}}]"));
    assertThat(narrowed.warnings()).doesNotContain(warning).hasSize(1);
  }

  @Test
  void anonymousClientsChooseTheirIds() {
    var listener = ListenerProfile.of(listener("authentication: Anonymous"));
    assertThat(listener.isAnonymous()).isTrue();
    assertThat(listener.configuration().clientIdFromUsername()).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ListenerProfile.of(listener("authentication: Anonymous, clientId: Username")));
  }

  @ParameterizedTest
  @CsvSource({
    "'transport: Mqtt', mqtts",
    "'transport: Mqtt, tls: {enabled: false}', mqtt",
    "'transport: Websockets', wss",
    "'transport: Websockets, tls: {enabled: false}', ws"
  })
  void theSchemeNamesTransportAndTls(String asked, String scheme) {
    assertThat(ListenerProfile.of(listener(asked)).scheme()).isEqualTo(scheme);
  }

  /** Nothing may become more open because a newer schema has a value that we do not know. */
  @ParameterizedTest
  @CsvSource({
    "authentication, 'authentication: Kerberos'",
    "clientId, 'clientId: Certificate'",
    "transport, 'transport: Quic'",
    "tls.minVersion, 'tls: {minVersion: \"1.4\"}'",
    "service.type, 'service: {type: Gateway}'",
    "proxyProtocol, 'proxyProtocol: V3, tls: {enabled: false}'",
    "allowedPeers, 'allowedPeers: []'",
    "allowedPeers, 'allowedPeers: [{}]'",
    "allowedPeers, 'allowedPeers: [{podSelector: {}, ofANewerSchema: {}}]'"
  })
  void refusesAListenerOfANewerSchema(String field, String asked) {
    var listener = listener(asked);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ListenerProfile.of(listener))
        .withMessage(
            "spec.listeners, one: this version of the operator does not know the value of "
                + field
                + ". Set another, or run a newer operator.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "certificates: {server: {keyAlgorithm: Ed25519}}",
        "certificates: {authority: {keyAlgorithm: Ed25519}}",
        "certificates: {server: {validity: soon}}",
        "storage: {autosaveInterval: often}"
      })
  void refusesWhatItCannotRead(String spec) {
    var broker = Samples.brokerWith(spec);
    assertThatIllegalArgumentException().isThrownBy(() -> profile(broker));
  }

  private static CertificateSettings settings(Duration validity, Duration renewBefore) {
    return new CertificateSettings(KeyAlgorithm.ECDSA_P256, validity, renewBefore, 1, List.of());
  }
}
