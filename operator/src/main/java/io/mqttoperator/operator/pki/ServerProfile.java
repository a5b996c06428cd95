package io.mqttoperator.operator.pki;

import java.time.Duration;
import java.util.List;

/**
 * The certificate of an MQTT broker.
 *
 * @param commonName for people to read; left out of the certificate if empty or longer than 64
 *     characters, as clients look at the names below alone (RFC 6125 section 6.4.4)
 * @param dnsNames the first label may be {@code *}; kept in lower case and each once
 * @param ipAddresses IPv4 and IPv6 literals; kept in Java's spelling and each once. There is at
 *     least one name or address
 */
public record ServerProfile(
    String commonName,
    List<String> dnsNames,
    List<String> ipAddresses,
    KeyAlgorithm keyAlgorithm,
    Duration validity)
    implements CertificateProfile {
  public ServerProfile {
    CommonName.requireText(commonName);
    dnsNames = dnsNames.stream().map(ServerNames::dnsName).distinct().toList();
    ipAddresses = ipAddresses.stream().map(ServerNames::ipAddress).distinct().toList();
    if (dnsNames.isEmpty() && ipAddresses.isEmpty()) {
      throw new IllegalArgumentException(
          "a server certificate needs at least one DNS name or IP address");
    }
    CertificateProfile.requireValidity(validity);
  }

  /** The common name in the certificate; empty if it has none. */
  String subjectName() {
    return CommonName.fits(commonName) ? commonName : "";
  }
}
