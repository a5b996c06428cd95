package io.mqttoperator.operator.pki;

import java.time.Duration;

/**
 * The certificate of an MQTT client.
 *
 * @param commonName the username: 1 to 64 characters, as Mosquitto takes it from there
 */
public record ClientProfile(String commonName, KeyAlgorithm keyAlgorithm, Duration validity)
    implements CertificateProfile {
  public ClientProfile {
    CommonName.require(commonName);
    CertificateProfile.requireValidity(validity);
  }
}
