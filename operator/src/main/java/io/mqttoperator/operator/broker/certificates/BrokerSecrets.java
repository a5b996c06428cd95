package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.broker.certificates.CertificateRenewal.Renewed;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.pki.FormerSigners;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.OwnAuthority;
import io.mqttoperator.operator.pki.OwnServerCertificate;
import io.mqttoperator.operator.pki.TrustBundle;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All keys and certificates of a broker, stored or made just now.
 *
 * @param generated the authorities that the operator made, in use or not
 * @param authority signs what clients see, unless the owner brought that
 * @param server what the authority issued, or the owner's own
 * @param own what the broker's owner brought
 * @param formers the authorities that the owner has changed for another, and that are still trusted
 * @param clients whose certificates count; empty until that is decided
 * @param behind the users, by UID, whose Secret was not seen to hold what it is to hold
 * @param issued what was made just now, in sentences for events
 */
public record BrokerSecrets(
    BrokerAuthority.Kept generated,
    Renewed authority,
    Renewed server,
    OwnCertificates own,
    FormerSigners formers,
    InternalIdentity internal,
    Optional<ClientTrust> clients,
    Map<String, String> behind,
    List<String> issued) {

  /** The same with what counts now. */
  public BrokerSecrets with(ClientTrust now, Map<String, String> usersBehind) {
    return new BrokerSecrets(
        generated,
        authority,
        server,
        own,
        formers,
        internal,
        Optional.of(now),
        usersBehind,
        issued);
  }

  /** Whether the authorities that the operator made are in use. */
  public boolean isGeneratedInUse() {
    return authority.pair().equals(generated.authorities().issuing().pair());
  }

  /** The authorities that clients' certificates may be of; the first issues them. */
  public ClientAuthorities clientAuthorities() {
    return own.authorities()
        .authority()
        .filter(brought -> brought.pair().equals(authority.pair()))
        .map(brought -> clientAuthorities(List.of(brought.pair()), brought.trust()))
        .orElseGet(() -> clientAuthorities(generated.authorities().trusted(), List.of()));
  }

  private ClientAuthorities clientAuthorities(
      List<KeyAndCertificate> trusted, List<X509Certificate> above) {
    return new ClientAuthorities(
        Stream.concat(trusted.stream(), formers.pairs().stream()).toList(),
        Stream.concat(above.stream(), formers.trust().stream()).toList());
  }

  /** When the first of them is to be renewed, or looked at. */
  public Instant renewAt(Instant now) {
    return Stream.of(
            Stream.of(generated.lookAt(), server.renewAt(), internal.renewAt()),
            own.looks(now),
            formers.firstUntil().stream())
        .flatMap(each -> each)
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** What clients of a listener are to trust, as PEM; empty where that is not known. */
  public byte[] trust(ListenerProfile listener) {
    return pem(trusted(listener).stream());
  }

  /** What clients of any listener are to trust; empty where that is not known. */
  public byte[] trust(BrokerProfile profile) {
    var encrypted = profile.listeners().stream().filter(ListenerProfile::isEncrypted).toList();
    return encrypted.isEmpty()
        ? serverTrust()
        : pem(encrypted.stream().flatMap(listener -> trusted(listener).stream()));
  }

  /** What verifies the broker's server certificate; empty where that is not known. */
  public byte[] serverTrust() {
    return pem(trusted(own.server()).stream());
  }

  private List<X509Certificate> trusted(ListenerProfile listener) {
    return trusted(
        Optional.ofNullable(own.listeners().get(listener.name())).or(() -> own.server()));
  }

  private List<X509Certificate> trusted(Optional<OwnServerCertificate> brought) {
    return brought
        .map(OwnServerCertificate::trust)
        .orElseGet(
            () ->
                Stream.concat(
                        own
                            .authorities()
                            .authority()
                            .map(OwnAuthority::trust)
                            .orElseGet(() -> generated.authorities().trustedCertificates())
                            .stream(),
                        formers.trust().stream())
                    .toList());
  }

  private static byte[] pem(Stream<X509Certificate> certificates) {
    var all = certificates.toList();
    return all.isEmpty() ? new byte[0] : new TrustBundle(all).pem();
  }
}
