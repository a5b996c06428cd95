package io.mqttoperator.operator.pki;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The certificate that there should be.
 *
 * @param renewBefore how long before its end it is renewed; cut to what {@link
 *     RenewalWindow#atMost} allows
 * @param generation raised to have a new one now; a lower one than that stored changes nothing. Of
 *     an authority it says nothing: when another follows is for {@link AuthorityRollover}
 * @param authorityChain the chain of the authority that issues it; empty for an authority of our
 *     own
 * @param key that the certificate is for, where somebody else holds it; empty: one that is made
 *     here
 */
public record DesiredCertificate(
    CertificateProfile profile,
    Duration renewBefore,
    long generation,
    List<X509Certificate> authorityChain,
    Optional<PublicKey> key) {

  /** For a key that is made here. */
  public DesiredCertificate(
      CertificateProfile profile,
      Duration renewBefore,
      long generation,
      List<X509Certificate> authorityChain) {
    this(profile, renewBefore, generation, authorityChain, Optional.empty());
  }

  public DesiredCertificate {
    authorityChain = List.copyOf(authorityChain);
    if (authorityChain.isEmpty() != profile instanceof AuthorityProfile) {
      throw new IllegalArgumentException(
          "an authority signs itself; every other certificate needs an authority");
    }
    renewBefore = RenewalWindow.atMost(profile.validity(), renewBefore);
  }

  /** An authority of our own. */
  public static DesiredCertificate authority(AuthorityProfile profile, Duration renewBefore) {
    return new DesiredCertificate(profile, renewBefore, 1, List.of());
  }

  /** A certificate that an authority issues. */
  public static DesiredCertificate issuedBy(
      KeyAndCertificate authority,
      CertificateProfile profile,
      Duration renewBefore,
      long generation) {
    return new DesiredCertificate(profile, renewBefore, generation, authority.chain());
  }

  /** The same for a key that somebody else holds. */
  public DesiredCertificate withKey(PublicKey held) {
    return new DesiredCertificate(
        profile, renewBefore, generation, authorityChain, Optional.of(held));
  }

  Optional<X509Certificate> issuer() {
    return authorityChain.stream().findFirst();
  }
}
