package io.mqttoperator.operator.pki;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * The extensions of each kind of certificate (RFC 5280 section 4.2), and no more: small devices
 * hold them in memory.
 */
final class CertificateExtensions {
  private static final int KEY_IDENTIFIER_BYTES = 20;

  private CertificateExtensions() {}

  static List<Extension> of(CertificateProfile profile, PublicKey key) {
    var extensions = new ArrayList<Extension>();
    switch (profile) {
      case AuthorityProfile authority -> addAuthority(extensions, authority.pathLength());
      case ServerProfile server -> {
        // The key exchange of TLS 1.2 without forward secrecy encrypts to the RSA key: some devices
        // know no other.
        int encipherment = key instanceof RSAKey ? KeyUsage.keyEncipherment : 0;
        addLeaf(
            extensions, KeyUsage.digitalSignature | encipherment, KeyPurposeId.id_kp_serverAuth);
        add(
            extensions,
            Extension.subjectAlternativeName,
            server.subjectName().isEmpty(),
            ServerNames.encode(server));
      }
      case ClientProfile client ->
          addLeaf(extensions, KeyUsage.digitalSignature, KeyPurposeId.id_kp_clientAuth);
    }
    add(
        extensions,
        Extension.subjectKeyIdentifier,
        false,
        new SubjectKeyIdentifier(keyIdentifier(key)));
    return extensions;
  }

  /**
   * Those of another certificate of an authority.
   *
   * @param below how many more authorities may stand between it and the leaves
   */
  static List<Extension> across(X509Certificate authority, int below) {
    var extensions = new ArrayList<Extension>();
    addAuthority(extensions, below);
    add(
        extensions,
        Extension.subjectKeyIdentifier,
        false,
        new SubjectKeyIdentifier(authorityKeyIdentifier(authority).getKeyIdentifierOctets()));
    return extensions;
  }

  private static void addAuthority(List<Extension> extensions, int below) {
    add(extensions, Extension.basicConstraints, true, new BasicConstraints(below));
    add(
        extensions,
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
  }

  /** Names the issuer's key as the issuer's certificate does, so that a path builder finds it. */
  static AuthorityKeyIdentifier authorityKeyIdentifier(X509Certificate issuer) {
    byte[] value = issuer.getExtensionValue(Extension.subjectKeyIdentifier.getId());
    byte[] identifier =
        value == null
            ? keyIdentifier(issuer.getPublicKey())
            : SubjectKeyIdentifier.getInstance(ASN1OctetString.getInstance(value).getOctets())
                .getKeyIdentifier();
    return new AuthorityKeyIdentifier(identifier);
  }

  private static void add(
      List<Extension> extensions,
      ASN1ObjectIdentifier oid,
      boolean isCritical,
      ASN1Encodable value) {
    try {
      extensions.add(Extension.create(oid, isCritical, value));
    } catch (IOException e) {
      throw new IllegalStateException("an extension could not be encoded", e);
    }
  }

  private static void addLeaf(List<Extension> extensions, int usage, KeyPurposeId purpose) {
    add(extensions, Extension.basicConstraints, true, new BasicConstraints(false));
    add(extensions, Extension.keyUsage, true, new KeyUsage(usage));
    add(extensions, Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
  }

  /** RFC 7093 section 2, method 1: as long as the usual one, without SHA-1. */
  static byte[] keyIdentifier(PublicKey key) {
    try {
      byte[] bits =
          SubjectPublicKeyInfo.getInstance(key.getEncoded()).getPublicKeyData().getBytes();
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bits), KEY_IDENTIFIER_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
