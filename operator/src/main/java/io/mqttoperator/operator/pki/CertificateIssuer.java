package io.mqttoperator.operator.pki;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;

/** Makes authorities, and the certificates and revocation lists that they sign (RFC 5280). */
public final class CertificateIssuer {
  /** How far back a certificate begins: clients' clocks may be behind ours by as much. */
  public static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private final Clock clock;
  private final SecureRandom random;
  private final CertificateSigner certificates;

  public CertificateIssuer(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
    this.certificates = new CertificateSigner(clock, random);
  }

  /** A new authority, with a new key. */
  public KeyAndCertificate createAuthority(AuthorityProfile profile) {
    KeyPair keys = profile.keyAlgorithm().generate(random);
    return new KeyAndCertificate(keys.getPrivate(), List.of(selfSigned(profile, keys)));
  }

  /**
   * Another certificate of an authority, signed by one that clients trust already: they accept what
   * the first has issued. It has the same name and key identifier, and ends no later than either.
   *
   * @param below how many more authorities may stand between it and the leaves
   * @throws IllegalStateException if the signer is not valid now
   */
  public X509Certificate signAcross(
      KeyAndCertificate authority, KeyAndCertificate signer, int below) {
    return signAcross(authority, signer, below, authority.notAfter());
  }

  /**
   * The same for a while: whoever trusts the signer, trusts the authority for as long.
   *
   * @param end not after the authority's
   */
  X509Certificate signAcross(
      KeyAndCertificate authority, KeyAndCertificate signer, int below, Instant end) {
    requireUsable(signer);
    var certificate = authority.certificate();
    return certificates.certificate(
        CertificateSigner.subjectOf(certificate),
        CertificateExtensions.across(certificate, below),
        Duration.between(clock.instant(), end),
        certificate.getPublicKey(),
        signer.key(),
        Optional.of(signer));
  }

  /**
   * A new server certificate, with a new key.
   *
   * @throws IllegalArgumentException if the authority may not sign certificates and revocation
   *     lists
   * @throws IllegalStateException if the authority is not valid now
   */
  public KeyAndCertificate issueServer(KeyAndCertificate authority, ServerProfile profile) {
    return issueLeaf(authority, profile);
  }

  /** A new client certificate, with a new key; fails as {@link #issueServer} does. */
  public KeyAndCertificate issueClient(KeyAndCertificate authority, ClientProfile profile) {
    return issueLeaf(authority, profile);
  }

  /** The next client certificate of a key that stays; fails as {@link #issueServer} does. */
  public KeyAndCertificate renewClient(
      KeyAndCertificate authority, ClientProfile profile, KeyAndCertificate before) {
    PublicKey key = before.certificate().getPublicKey();
    return new KeyAndCertificate(before.key(), leafChain(authority, profile, key));
  }

  /**
   * A client certificate for a key that never leaves its device; fails as {@link #issueServer}
   * does.
   */
  public KeylessCertificate issueClient(
      KeyAndCertificate authority, ClientProfile profile, PublicKey key) {
    return new KeylessCertificate(leafChain(authority, profile, key));
  }

  /** A revocation list without entries; fails as {@link #issueServer} does. */
  public CertificateRevocationList certificateRevocationList(KeyAndCertificate authority) {
    return certificateRevocationList(authority, List.of());
  }

  /**
   * A revocation list that lasts as long as the authority, so that no broker is left with one that
   * has ended; fails as {@link #issueServer} does.
   */
  public CertificateRevocationList certificateRevocationList(
      KeyAndCertificate authority, Collection<RevokedCertificate> revoked) {
    requireUsable(authority);
    return certificates.revocationList(authority, revoked);
  }

  /**
   * What a server sends after its own certificate: the authority's chain, without a root, which
   * clients hold.
   */
  static List<X509Certificate> presentedChain(List<X509Certificate> authorityChain) {
    return authorityChain.stream()
        .filter(certificate -> !KeyAndCertificate.isSelfSigned(certificate))
        .toList();
  }

  private KeyAndCertificate issueLeaf(KeyAndCertificate authority, CertificateProfile profile) {
    KeyPair keys = profile.keyAlgorithm().generate(random);
    return new KeyAndCertificate(
        keys.getPrivate(), leafChain(authority, profile, keys.getPublic()));
  }

  private List<X509Certificate> leafChain(
      KeyAndCertificate authority, CertificateProfile profile, PublicKey key) {
    requireUsable(authority);
    X509Certificate leaf = certificate(profile, key, authority.key(), Optional.of(authority));
    return Stream.concat(Stream.of(leaf), presentedChain(authority.chain()).stream()).toList();
  }

  private X509Certificate selfSigned(AuthorityProfile profile, KeyPair keys) {
    return certificate(profile, keys.getPublic(), keys.getPrivate(), Optional.empty());
  }

  private X509Certificate certificate(
      CertificateProfile profile,
      PublicKey key,
      PrivateKey signingKey,
      Optional<KeyAndCertificate> authority) {
    return certificates.certificate(
        subject(profile),
        CertificateExtensions.of(profile, key),
        profile.validity(),
        key,
        signingKey,
        authority);
  }

  private static X500Name subject(CertificateProfile profile) {
    String name =
        switch (profile) {
          case AuthorityProfile authority -> authority.commonName();
          case ClientProfile client -> client.commonName();
          case ServerProfile server -> server.subjectName();
        };
    return CommonName.subject(name);
  }

  private void requireUsable(KeyAndCertificate authority) {
    if (!authority.isAuthority()) {
      throw new IllegalArgumentException(
          "the certificate of the authority may not sign others: it needs basicConstraints CA:TRUE and, where it has"
              + " keyUsage, keyCertSign and cRLSign");
    }
    Instant now = clock.instant();
    if (now.isBefore(authority.notBefore()) || now.isAfter(authority.notAfter())) {
      throw new IllegalStateException(
          "the authority is valid from "
              + authority.notBefore()
              + " to "
              + authority.notAfter()
              + ", and it is "
              + now
              + ": renew it, or correct the clock");
    }
  }
}
