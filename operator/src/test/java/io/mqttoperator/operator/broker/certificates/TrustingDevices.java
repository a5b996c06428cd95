package io.mqttoperator.operator.broker.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.testing.CertificateConnection;
import io.mqttoperator.operator.testing.Command;
import io.mqttoperator.operator.testing.ServingPod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Devices with certificates at a fleet's pod, each with the authorities that it trusts.
 *
 * @param folder for OpenSSL
 */
record TrustingDevices(Fleet fleet, ServingPod pod, Path folder) {

  private static final int PORT = 8885;

  /**
   * Applies a broker that has a listener for them.
   *
   * @param authority the inside of {@code certificates.authority}, in YAML
   */
  static void broker(Fleet fleet, String authority) {
    fleet.broker(
        """
        {listeners: [
          {name: mqtts, port: 8883},
          {name: devices, port: %d, authentication: Certificate}],
         certificates: {authority: {%s}}}
        """
            .formatted(PORT, authority));
  }

  /** What they are told to trust. */
  String bundle() {
    return Objects.requireNonNull(
        fleet.get(ConfigMap.class, "fleet-trust").getData().get("ca.crt"));
  }

  /** What a user's Secret has it show now. */
  KeyAndCertificate pair(String user) {
    return Fleet.pair(fleet.get(Secret.class, user + "-mqtt"));
  }

  CertificateConnection connect(KeyAndCertificate pair, String trust) {
    return new CertificateConnection(pod, PORT, fleet.value("anna-mqtt", "host"), trust, pair);
  }

  void assertRefused(KeyAndCertificate pair, String trust) {
    assertThatThrownBy(() -> connect(pair, trust).close()).isInstanceOf(RuntimeException.class);
  }

  /** What OpenSSL says of the broker, when it trusts only this. */
  String handshake(String trust) throws IOException {
    Files.writeString(folder.resolve("trust.crt"), trust);
    // However it ends, it says why.
    var command =
        "timeout 10 openssl s_client -connect %s:8883 -CAfile trust.crt -showcerts </dev/null || :"
            .formatted(pod.address());
    return Command.run(folder, List.of("sh", "-c", command));
  }

  /** Whether the broker shows a certificate to who trusts only this that it can verify. */
  boolean isServed(String trust) throws IOException {
    var said = handshake(trust);
    assertThat(said).as("the end of a handshake").contains("Verify return code: ");
    return said.contains("Verify return code: 0 (ok)");
  }
}
