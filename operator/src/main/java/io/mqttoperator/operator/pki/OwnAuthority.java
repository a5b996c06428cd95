package io.mqttoperator.operator.pki;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;

/**
 * A certificate authority that the broker's owner brought.
 *
 * @param trust what clients are to trust: what was given beside it, or the root that its chain ends
 *     with, or itself
 */
public record OwnAuthority(KeyAndCertificate pair, List<X509Certificate> trust) {

  private static final int KEY_CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;

  public OwnAuthority {
    trust = List.copyOf(trust);
  }

  /**
   * Reads one and checks that clients would accept what it signs.
   *
   * @param trustPem the CA bundle beside it
   * @param dnsNames that it is to sign for
   * @throws InvalidCertificateException if it cannot be used; the message never holds content
   */
  public static OwnAuthority check(
      byte[] certificatePem,
      byte[] keyPem,
      Optional<byte[]> trustPem,
      List<String> dnsNames,
      Instant now)
      throws InvalidCertificateException {
    var own = read(certificatePem, keyPem, trustPem);
    requireAuthority(own.pair.certificate());
    CertificatePath.require(own.pair.chain(), own.trust, now);
    for (var certificate : own.pair.chain()) {
      requirePermitted(certificate, dnsNames);
    }
    return own;
  }

  /**
   * Reads one that was checked when it was stored; it may have ended since.
   *
   * @throws InvalidCertificateException if it was damaged
   */
  public static OwnAuthority read(byte[] certificatePem, byte[] keyPem, Optional<byte[]> trustPem)
      throws InvalidCertificateException {
    var own = OwnServerCertificate.read(certificatePem, keyPem, trustPem);
    return new OwnAuthority(
        own.pair(), own.trust().isEmpty() ? List.of(own.pair().certificate()) : own.trust());
  }

  /** One that the operator has made, as if it were brought. */
  static OwnAuthority of(AuthorityGeneration generated) {
    return new OwnAuthority(generated.pair(), List.of(generated.pair().certificate()));
  }

  /** What clients are to trust as PEM. */
  public byte[] trustPem() {
    return TrustBundle.pem(trust);
  }

  /** Whether what it signs can be verified now. */
  public boolean isValid(Instant now) {
    return !now.isBefore(pair.notBefore()) && !now.isAfter(end());
  }

  /** Whether they have one key and one name: then what one has signed, the other has. */
  boolean isSameAs(OwnAuthority other) {
    var own = pair.certificate();
    var others = other.pair.certificate();
    return own.getPublicKey().equals(others.getPublicKey())
        && own.getSubjectX500Principal().equals(others.getSubjectX500Principal());
  }

  /** Whether clients can tell whose revocation list is whose: by names, else by identifiers. */
  boolean isToldFrom(OwnAuthority other) {
    return !pair.certificate()
            .getSubjectX500Principal()
            .equals(other.pair.certificate().getSubjectX500Principal())
        || (namesItsKey(pair.certificate()) && namesItsKey(other.pair.certificate()));
  }

  private static boolean namesItsKey(X509Certificate certificate) {
    return certificate.getExtensionValue(Extension.subjectKeyIdentifier.getId()) != null;
  }

  /** When the first certificate of its chain ends. */
  public Instant end() {
    return new OwnServerCertificate(pair, trust).end();
  }

  /**
   * Whether a client that trusts {@link #trust} can verify: OpenSSL, unless told otherwise, accepts
   * a root alone.
   */
  public boolean hasRoot() {
    return trust.stream().anyMatch(KeyAndCertificate::isSelfSigned);
  }

  private static void requireAuthority(X509Certificate certificate)
      throws InvalidCertificateException {
    if (certificate.getBasicConstraints() < 0) {
      throw new InvalidCertificateException(
          "the certificate is no CA's: its basicConstraints lack CA:TRUE");
    }
    var usage = certificate.getKeyUsage();
    if (usage != null && !usage[KEY_CERT_SIGN]) {
      throw new InvalidCertificateException(
          "the certificate may not sign others: its key usage lacks keyCertSign");
    }
    if (usage != null && !usage[CRL_SIGN]) {
      throw new InvalidCertificateException(
          "the certificate may not revoke: its key usage lacks cRLSign (with cert-manager, add"
              + " \"crl sign\" to spec.usages)");
    }
    try {
      if (!OwnServerCertificate.isForServers(certificate.getExtendedKeyUsage())) {
        throw new InvalidCertificateException(
            "the certificate may not sign for servers: its extended key usage lacks serverAuth");
      }
    } catch (CertificateParsingException e) {
      throw new InvalidCertificateException("the certificate: its extended key usage is damaged");
    }
  }

  private static void requirePermitted(X509Certificate certificate, List<String> dnsNames)
      throws InvalidCertificateException {
    var encoded = certificate.getExtensionValue(Extension.nameConstraints.getId());
    if (encoded == null) {
      return;
    }
    for (var name : dnsNames) {
      try {
        var constraints =
            NameConstraints.getInstance(ASN1OctetString.getInstance(encoded).getOctets());
        var validator = new PKIXNameConstraintValidator();
        if (constraints.getPermittedSubtrees() != null) {
          validator.intersectPermittedSubtree(constraints.getPermittedSubtrees());
        }
        if (constraints.getExcludedSubtrees() != null) {
          for (var excluded : constraints.getExcludedSubtrees()) {
            validator.addExcludedSubtree(excluded);
          }
        }
        var dns = new GeneralName(GeneralName.dNSName, name);
        validator.checkPermitted(dns);
        validator.checkExcluded(dns);
      } catch (NameConstraintValidatorException | RuntimeException e) {
        throw new InvalidCertificateException(
            "the certificate may not sign for %s: its nameConstraints do not permit it"
                .formatted(name));
      }
    }
  }

  @Override
  public String toString() {
    return "OwnAuthority[" + pair + "]";
  }
}
