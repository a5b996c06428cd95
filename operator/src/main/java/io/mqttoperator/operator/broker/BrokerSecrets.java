package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.broker.CertificateRenewal.Renewed;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.OwnAuthority;
import io.mqttoperator.operator.pki.OwnServerCertificate;
import io.mqttoperator.operator.pki.TrustBundle;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All keys and certificates of a broker, stored or made just now.
 *
 * @param generated the authority that the operator made, in use or not
 * @param authority signs what clients see, unless the owner brought that
 * @param server what the authority issued, or the owner's own
 * @param own what the broker's owner brought
 * @param clients whose certificates count; empty until that is decided
 * @param issued what was made just now, in sentences for events
 */
record BrokerSecrets(
    KeyAndCertificate generated,
    Renewed authority,
    Renewed server,
    OwnCertificates own,
    InternalIdentity internal,
    Optional<ClientTrust> clients,
    List<String> issued) {

  /** The same with what counts now. */
  BrokerSecrets with(ClientTrust now) {
    return new BrokerSecrets(generated, authority, server, own, internal, Optional.of(now), issued);
  }

  /** When the first of them is to be renewed, or looked at. */
  Instant renewAt(Instant now) {
    return Stream.concat(
            Stream.of(authority.renewAt(), server.renewAt(), internal.renewAt()), own.looks(now))
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** What clients of a listener are to trust, as PEM; empty where that is not known. */
  byte[] trust(ListenerProfile listener) {
    return pem(trusted(listener).stream());
  }

  /** What clients of any listener are to trust; empty where that is not known. */
  byte[] trust(BrokerProfile profile) {
    var encrypted = profile.listeners().stream().filter(ListenerProfile::isEncrypted).toList();
    return encrypted.isEmpty()
        ? serverTrust()
        : pem(encrypted.stream().flatMap(listener -> trusted(listener).stream()));
  }

  /** What verifies the broker's server certificate; empty where that is not known. */
  byte[] serverTrust() {
    return pem(trusted(own.server()).stream());
  }

  private List<X509Certificate> trusted(ListenerProfile listener) {
    return trusted(
        Optional.ofNullable(own.listeners().get(listener.name())).or(() -> own.server()));
  }

  private List<X509Certificate> trusted(Optional<OwnServerCertificate> brought) {
    return brought
        .map(OwnServerCertificate::trust)
        .or(() -> own.authorities().authority().map(OwnAuthority::trust))
        .orElseGet(() -> authority.pair().chain());
  }

  private static byte[] pem(Stream<X509Certificate> certificates) {
    var all = certificates.toList();
    return all.isEmpty() ? new byte[0] : new TrustBundle(all).pem();
  }
}
