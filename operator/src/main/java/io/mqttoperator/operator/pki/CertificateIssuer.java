package io.mqttoperator.operator.pki;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes authorities, and the certificates and revocation lists that they sign (RFC 5280). */
public final class CertificateIssuer {
  /** How far back a certificate begins: clients' clocks may be behind ours by as much. */
  public static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  /** The last date that a certificate can hold; in RFC 5280 section 4.1.2.5 it means "no end". */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

  private static final int SERIAL_BITS = 127;

  /** A reason that is not written: it says nothing (RFC 5280 section 5.3.1). */
  private static final int UNSPECIFIED = 0;

  private final Clock clock;
  private final SecureRandom random;

  public CertificateIssuer(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
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
    try {
      return certificate(
          subjectOf(certificate),
          CertificateExtensions.across(certificate, below),
          Duration.between(clock.instant(), end),
          certificate.getPublicKey(),
          signer.key(),
          Optional.of(signer));
    } catch (IOException e) {
      throw new IllegalStateException("a certificate could not be encoded", e);
    }
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
    X509Certificate issuer = authority.certificate();
    try {
      var builder = new X509v2CRLBuilder(subjectOf(issuer), time(begin()));
      builder.setNextUpdate(time(authority.notAfter()));
      for (RevokedCertificate entry : revoked) {
        builder.addCRLEntry(
            entry.serial(), Date.from(entry.revokedAt().truncatedTo(SECONDS)), UNSPECIFIED);
      }
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          CertificateExtensions.authorityKeyIdentifier(issuer));
      // It must grow with each list (RFC 5280 section 5.2.3): so does the time, without a counter
      // to store.
      builder.addExtension(
          Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(clock.millis())));
      return CertificateRevocationList.decode(builder.build(signer(authority.key())).getEncoded());
    } catch (IOException | OperatorCreationException | InvalidCertificateException e) {
      throw new IllegalStateException("a revocation list could not be encoded", e);
    }
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

  /** The end of a certificate issued at {@code now}: never after its authority's. */
  static Instant notAfter(Instant now, Duration validity, Optional<X509Certificate> authority) {
    Instant limit = authority.map(issuer -> issuer.getNotAfter().toInstant()).orElse(END_OF_TIME);
    return validity.compareTo(Duration.between(now, limit)) < 0
        ? now.plus(validity).truncatedTo(SECONDS)
        : limit;
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
    try {
      return certificate(
          subject(profile),
          CertificateExtensions.of(profile, key),
          profile.validity(),
          key,
          signingKey,
          authority);
    } catch (IOException e) {
      throw new IllegalStateException("a certificate could not be encoded", e);
    }
  }

  private X509Certificate certificate(
      X500Name subject,
      ExtensionsGenerator extensions,
      Duration validity,
      PublicKey key,
      PrivateKey signingKey,
      Optional<KeyAndCertificate> authority) {
    Optional<X509Certificate> issuer = authority.map(KeyAndCertificate::certificate);
    try {
      var builder =
          new X509v3CertificateBuilder(
              issuer.map(CertificateIssuer::subjectOf).orElse(subject),
              serial(),
              time(begin()),
              time(notAfter(clock.instant(), validity, issuer)),
              subject,
              SubjectPublicKeyInfo.getInstance(key.getEncoded()));
      if (issuer.isPresent()) {
        extensions.addExtension(
            Extension.authorityKeyIdentifier,
            false,
            CertificateExtensions.authorityKeyIdentifier(issuer.get()));
      }
      for (var oid : extensions.generate().getExtensionOIDs()) {
        builder.addExtension(extensions.getExtension(oid));
      }
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer(signingKey)));
    } catch (IOException | OperatorCreationException | CertificateException e) {
      throw new IllegalStateException("a certificate could not be encoded", e);
    }
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

  /** Byte for byte: path building compares the encoded names. */
  private static X500Name subjectOf(X509Certificate certificate) {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
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

  /** Random, so that it cannot be foreseen; its top bit is set, so that all are of one length. */
  private BigInteger serial() {
    return new BigInteger(SERIAL_BITS - 1, random).setBit(SERIAL_BITS - 1);
  }

  private Instant begin() {
    return clock.instant().minus(CLOCK_SKEW).truncatedTo(SECONDS);
  }

  /**
   * UTCTime to the year 2049, then GeneralizedTime; the digits must not follow the machine's
   * language.
   */
  private static Time time(Instant instant) {
    return new Time(Date.from(instant.truncatedTo(SECONDS)), Locale.ROOT);
  }

  private ContentSigner signer(PrivateKey key) throws OperatorCreationException {
    return new JcaContentSignerBuilder(KeyAlgorithm.signatureAlgorithm(key))
        .setSecureRandom(random)
        .build(key);
  }
}
