package io.mqttoperator.operator.pki;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * A server certificate that the broker's owner brought, with all that a client needs to verify it.
 *
 * @param trust what clients are to trust, as it was given beside it, or the root that its chain
 *     ends with; empty where neither is there, as with a public CA
 */
public record OwnServerCertificate(KeyAndCertificate pair, List<X509Certificate> trust) {

  /**
   * The most bytes of a chain, and of what to trust, as they are written: sixteen listeners'
   * certificates share one Secret of 1 MiB. Ten certificates of RSA-4096 keys take 20 kB.
   */
  static final int MAX_BYTES = 24 * 1024;

  private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
  private static final String ANY_PURPOSE = "2.5.29.37.0";

  /**
   * The CA, thrown away at once, of what cert-manager writes before its issuer has signed, where it
   * is told to (its pkg/util/pki/temporarycertificate.go).
   */
  private static final X500Principal TEMPORARY_ISSUER = new X500Principal("CN=cert-manager.local");

  /** Bit position of keyUsage (RFC 5280 section 4.2.1.3). */
  private static final int DIGITAL_SIGNATURE = 0;

  public OwnServerCertificate {
    trust = List.copyOf(trust);
  }

  /**
   * Reads one and checks all that would make clients refuse it, but for the names that they reach
   * the broker by.
   *
   * @param trustPem the CA bundle beside it
   * @param now must be within the dates of every certificate
   * @throws InvalidCertificateException if it cannot be used; the message never holds content
   */
  public static OwnServerCertificate check(
      byte[] certificatePem, byte[] keyPem, Optional<byte[]> trustPem, Instant now)
      throws InvalidCertificateException {
    var own = read(certificatePem, keyPem, trustPem);
    requirePurpose(own.pair.certificate());
    requireNames(own.pair.certificate());
    requireLasting(own.pair.chain().getLast());
    CertificatePath.require(own.pair.chain(), own.trust, now);
    return own;
  }

  /**
   * Reads one that was checked when it was stored; it may have ended since.
   *
   * @throws InvalidCertificateException if it was damaged
   */
  public static OwnServerCertificate read(
      byte[] certificatePem, byte[] keyPem, Optional<byte[]> trustPem)
      throws InvalidCertificateException {
    var pair = KeyAndCertificate.parse(certificatePem, keyPem);
    requireSize("the certificate", pair.certificatePem());
    if (trustPem.filter(bundle -> bundle.length > 0).isEmpty()) {
      return new OwnServerCertificate(
          pair, pair.chain().stream().filter(KeyAndCertificate::isSelfSigned).toList());
    }
    var trust = TrustBundle.parse(trustPem.get());
    requireSize("the CA bundle", trust.pem());
    return new OwnServerCertificate(pair, trust.certificates());
  }

  /** What clients are to trust as PEM; empty where that is not known. */
  public byte[] trustPem() {
    return TrustBundle.pem(trust);
  }

  /** When the first certificate of the chain ends. */
  public Instant end() {
    return pair.chain().stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Whether a client that reaches the broker by this DNS name finds it in the certificate. */
  public boolean names(String dnsName) {
    return ServerNames.covers(pair.certificate(), dnsName);
  }

  private static void requireSize(String what, byte[] pem) throws InvalidCertificateException {
    if (pem.length > MAX_BYTES) {
      throw new InvalidCertificateException(
          "%s has %d bytes without comments: at most %d are served"
              .formatted(what, pem.length, MAX_BYTES));
    }
  }

  private static void requirePurpose(X509Certificate certificate)
      throws InvalidCertificateException {
    List<String> purposes;
    try {
      purposes = certificate.getExtendedKeyUsage();
    } catch (CertificateParsingException e) {
      throw new InvalidCertificateException("the certificate: its extended key usage is damaged");
    }
    if (!isForServers(purposes)) {
      throw new InvalidCertificateException(
          "the certificate is not for servers: its extended key usage lacks serverAuth");
    }
    var usage = certificate.getKeyUsage();
    if (usage != null && !usage[DIGITAL_SIGNATURE]) {
      throw new InvalidCertificateException(
          "the certificate may not sign a handshake: its key usage lacks digitalSignature");
    }
  }

  /** Whether an extended key usage, which there need not be, lets a server be authenticated. */
  static boolean isForServers(@Nullable List<String> purposes) {
    return purposes == null
        || purposes.contains(SERVER_AUTHENTICATION)
        || purposes.contains(ANY_PURPOSE);
  }

  private static void requireNames(X509Certificate certificate) throws InvalidCertificateException {
    if (!ServerNames.hasAny(certificate) && CommonName.of(certificate).isEmpty()) {
      throw new InvalidCertificateException(
          "the certificate names nobody: it needs a DNS name or an IP address in subjectAltName");
    }
  }

  /** Whoever trusts the certificate's real issuer would refuse it. */
  private static void requireLasting(X509Certificate last) throws InvalidCertificateException {
    if (last.getIssuerX500Principal().equals(TEMPORARY_ISSUER)) {
      throw new InvalidCertificateException(
          "the certificate is a temporary one of cert-manager, which nobody trusts: wait until its"
              + " issuer has signed, and remove the annotation"
              + " cert-manager.io/issue-temporary-certificate from the Certificate");
    }
  }

  @Override
  public String toString() {
    return "OwnServerCertificate[" + pair + "]";
  }
}
