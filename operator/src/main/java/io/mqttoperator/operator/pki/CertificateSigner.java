package io.mqttoperator.operator.pki;

import static java.time.temporal.ChronoUnit.SECONDS;

import java.io.IOException;
import java.math.BigInteger;
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
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Encodes and signs certificates and revocation lists (RFC 5280), whatever they say. */
final class CertificateSigner {

  /** The last date that a certificate can hold; in RFC 5280 section 4.1.2.5 it means "no end". */
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

  private static final int SERIAL_BITS = 127;

  /** A reason that is not written: it says nothing (RFC 5280 section 5.3.1). */
  private static final int UNSPECIFIED = 0;

  private final Clock clock;
  private final SecureRandom random;

  CertificateSigner(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * A certificate that begins a little before now.
   *
   * @param authority empty if it is signed by its own key
   */
  X509Certificate certificate(
      X500Name subject,
      List<Extension> extensions,
      Duration validity,
      PublicKey key,
      PrivateKey signingKey,
      Optional<KeyAndCertificate> authority) {
    Optional<X509Certificate> issuer = authority.map(KeyAndCertificate::certificate);
    try {
      var builder =
          new X509v3CertificateBuilder(
              issuer.map(CertificateSigner::subjectOf).orElse(subject),
              serial(),
              time(begin()),
              time(notAfter(clock.instant(), validity, issuer)),
              subject,
              SubjectPublicKeyInfo.getInstance(key.getEncoded()));
      for (var extension : extensions) {
        builder.addExtension(extension);
      }
      if (issuer.isPresent()) {
        builder.addExtension(
            Extension.authorityKeyIdentifier,
            false,
            CertificateExtensions.authorityKeyIdentifier(issuer.get()));
      }
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer(signingKey)));
    } catch (IOException | OperatorCreationException | CertificateException e) {
      throw new IllegalStateException("a certificate could not be encoded", e);
    }
  }

  /** A revocation list that lasts as long as the authority. */
  CertificateRevocationList revocationList(
      KeyAndCertificate authority, Collection<RevokedCertificate> revoked) {
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

  /** The end of a certificate issued at {@code now}: never after its authority's. */
  static Instant notAfter(Instant now, Duration validity, Optional<X509Certificate> authority) {
    Instant limit = authority.map(issuer -> issuer.getNotAfter().toInstant()).orElse(END_OF_TIME);
    return validity.compareTo(Duration.between(now, limit)) < 0
        ? now.plus(validity).truncatedTo(SECONDS)
        : limit;
  }

  /** Byte for byte: path building compares the encoded names. */
  static X500Name subjectOf(X509Certificate certificate) {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  /** Random, so that it cannot be foreseen; its top bit is set, so that all are of one length. */
  private BigInteger serial() {
    return new BigInteger(SERIAL_BITS - 1, random).setBit(SERIAL_BITS - 1);
  }

  private Instant begin() {
    return clock.instant().minus(CertificateIssuer.CLOCK_SKEW).truncatedTo(SECONDS);
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
