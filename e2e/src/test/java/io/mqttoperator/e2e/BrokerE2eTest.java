package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From apply to Ready, and who gets in: with a broker of defaults and one of listeners. */
@OnCluster
final class BrokerE2eTest {

  private static final int STRICT_PORT = 8885;

  private static final String MANIFESTS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: strict}
      spec:
        listeners:
        - {name: strict, port: 8885, tls: {minVersion: "1.3"}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: drone}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: modern}
      spec: {brokerRef: {name: strict}}
      """;

  private final Cluster cluster;
  private final Broker broker;
  private final Broker strict;

  BrokerE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
    this.strict = cluster.broker("strict");
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
    var wrong = broker.login("drone").withPassword("x");

    assertNotAuthorized(broker.client("drone").login(wrong).protocol(protocol));
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnUnknownUser(Protocol protocol) {
    var unknown = new Login("nobody-knows", broker.login("drone").password());

    assertNotAuthorized(broker.client("drone").login(unknown).protocol(protocol));
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnonymousClients(Protocol protocol) {
    assertNotAuthorized(broker.client("drone").anonymous().clientId("anybody").protocol(protocol));
  }

  @ParameterizedTest
  @EnumSource
  void refusesAUserOfAnotherBroker(Protocol protocol) {
    assertNotAuthorized(broker.client("drone").login(strict.login("modern")).protocol(protocol));
  }

  @ParameterizedTest
  @EnumSource
  void refusesPlainTcpAtATlsPort(Protocol protocol) {
    var plain =
        Client.withoutTls(broker.service(Broker.DEFAULT_PORT))
            .login(broker.login("drone"))
            .protocol(protocol);

    assertThatExceptionOfType(Refused.class)
        .isThrownBy(plain::connect)
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(Refused.NO_ANSWER));
  }

  @Test
  void isNotTrustedByTheBundleOfAnotherBroker() {
    var misled = Client.at(broker.service(Broker.DEFAULT_PORT), strict.trust());

    assertThatExceptionOfType(Refused.class)
        .isThrownBy(misled.login(broker.login("drone"))::connect)
        .havingRootCause()
        .isInstanceOf(java.security.GeneralSecurityException.class);
  }

  @Test
  void isNotTrustedUnderAnotherName() throws UnknownHostException {
    var service = broker.service(Broker.DEFAULT_PORT);
    var misnamed =
        new InetSocketAddress(
            InetAddress.getByAddress("other.example", service.getAddress().getAddress()),
            service.getPort());

    assertThatExceptionOfType(Refused.class)
        .isThrownBy(broker.client("drone").address(misnamed)::connect)
        .havingRootCause()
        .withMessageContaining("other.example");
  }

  @Test
  void refusesTlsBelowTheMinimum() {
    var client =
        Client.at(strict.service(STRICT_PORT), strict.trust()).login(strict.login("modern"));

    assertThatExceptionOfType(Refused.class)
        .isThrownBy(client.tlsVersions("TLSv1.2")::connect)
        .havingRootCause()
        .isInstanceOf(SSLException.class)
        .withMessageContaining("protocol_version");
    try (var session = client.tlsVersions("TLSv1.3").connect()) {
      assertThat(session.isConnected()).isTrue();
    }
    try (var session = broker.client("drone").tlsVersions("TLSv1.2").connect()) {
      assertThat(session.isConnected()).isTrue();
    }
  }

  /** The JDK offers no TLS 1.1 any more, OpenSSL does when asked to be careless. */
  @Test
  void refusesTls11ByDefault() throws Exception {
    var service = broker.service(Broker.DEFAULT_PORT);
    var address = service.getAddress().getHostAddress() + ":" + service.getPort();
    var tls11 = openssl(address, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0");
    var tls12 = openssl(address, "-tls1_2");

    assertThat(tls11).contains("alert protocol version");
    assertThat(tls12).contains("Cipher is ECDHE");
  }

  private static String openssl(String address, String... options) throws Exception {
    var command = new java.util.ArrayList<String>();
    command.addAll(java.util.List.of("openssl", "s_client", "-connect", address));
    command.addAll(java.util.List.of(options));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new java.io.File("/dev/null"))
            .start();
    try (var output = process.getInputStream()) {
      return new String(output.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  @Test
  void podsAreRestricted() {
    var pod = broker.onlyPod();
    var namespace = cluster.client().namespaces().withName(cluster.namespace()).get();

    assertThat(namespace.getMetadata().getLabels())
        .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(exec(pod.getMetadata().getName(), "ls /var/run/secrets").status()).isNotZero();
    var written = exec(pod.getMetadata().getName(), "touch /tmp/x /etc/x /mosquitto/x");
    assertThat(written.status()).isNotZero();
    assertThat(written.errors().lines().filter(line -> line.contains("Read-only file system")))
        .hasSizeGreaterThanOrEqualTo(3);
    assertThat(exec(pod.getMetadata().getName(), "id -u").orFail()).isEqualTo("1883\n");
  }

  private Kubectl.Result exec(String pod, String command) {
    return cluster.kubectl().run("exec", pod, "--", "sh", "-c", command);
  }

  @Test
  void saysWhereItIs() {
    var status = cluster.get("mqttbrokers", "fleet");

    assertThat(status.<Integer>get("status", "endpoints", 0, "port")).isEqualTo(8883);
    assertThat(status.<Boolean>get("status", "endpoints", 0, "tls")).isTrue();
    assertThat(status.<String>get("status", "endpoints", 0, "address")).startsWith(broker.host());
    assertThat(status.<Map<String, Object>>get("status", "access"))
        .containsEntry("users", 1)
        .containsEntry("rules", 0);
    assertThat(status.<String>get("status", "pods", 0, "accessRevision"))
        .isEqualTo(status.<String>get("status", "access", "revision"));
  }

  private static void assertNotAuthorized(Client client) {
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(client::connect)
        .satisfies(refused -> assertThat(refused.isNotAuthorized()).as("%s", refused).isTrue());
  }
}
