package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;

/**
 * A private key and its certificate.
 *
 * @param key never shown by {@link #toString()}
 * @param chain the key's own certificate, then that of its issuer, and so on; a root need not be
 *     there. At least one.
 */
public record KeyAndCertificate(PrivateKey key, List<X509Certificate> chain)
    implements IssuedCertificate {
  /** The most bytes of a chain: ten certificates of RSA-4096 keys take 20 kB. */
  public static final int MAX_CHAIN_BYTES = 64 * 1024;

  /** The longest chain: OpenSSL's clients follow 100, small ones 8 to 10. */
  private static final int MAX_CHAIN_LENGTH = 10;

  /** Bit positions of keyUsage (RFC 5280 section 4.2.1.3). */
  private static final int KEY_CERT_SIGN = 5;

  private static final int CRL_SIGN = 6;

  public KeyAndCertificate {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a key needs its certificate");
    }
  }

  /**
   * Reads and checks a pair: one key, a chain in order, each certificate signed by the next, and a
   * key that signs what the first certificate verifies. Validity dates are not looked at.
   *
   * @throws InvalidCertificateException if a broker could not serve it; the message never holds
   *     content
   */
  public static KeyAndCertificate parse(byte[] certificatePem, byte[] keyPem)
      throws InvalidCertificateException {
    List<X509Certificate> chain =
        TrustBundle.parseCertificates("the certificate", certificatePem, MAX_CHAIN_BYTES);
    requireChain(chain);
    PrivateKey key = PrivateKeyPem.parse(keyPem);
    if (!isPair(key, chain.get(0))) {
      throw new InvalidCertificateException(
          "the private key does not belong to the certificate: give the key that the certificate was made for");
    }
    return new KeyAndCertificate(key, chain);
  }

  /** The key as PKCS#8 PEM, unencrypted. A secret. */
  public byte[] keyPem() {
    return PrivateKeyPem.render(key);
  }

  /** Whether it may sign certificates and revocation lists. */
  public boolean isAuthority() {
    boolean[] usage = certificate().getKeyUsage();
    return certificate().getBasicConstraints() >= 0
        && (usage == null || (usage[KEY_CERT_SIGN] && usage[CRL_SIGN]));
  }

  /** What a TLS client or server of Java presents itself with. */
  public KeyManagerFactory keyManagerFactory() {
    char[] none = new char[0];
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("identity", key, none, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, none);
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java runtime cannot hold a key in memory", e);
    }
  }

  @Override
  public String toString() {
    return "KeyAndCertificate[serial=" + serialHex() + ", notAfter=" + notAfter() + "]";
  }

  static void requireChain(List<X509Certificate> chain) throws InvalidCertificateException {
    if (chain.size() > MAX_CHAIN_LENGTH) {
      throw new InvalidCertificateException(
          "the certificate has a chain of "
              + chain.size()
              + ": at most "
              + MAX_CHAIN_LENGTH
              + " are served");
    }
    for (int i = 0; i < chain.size(); i++) {
      String where = "the certificate: number " + (i + 1) + " of the chain ";
      X509Certificate certificate = chain.get(i);
      String objection = KeyAlgorithm.objection(certificate.getPublicKey()).orElse("");
      if (!objection.isEmpty()) {
        throw new InvalidCertificateException(where + "has a public key that " + objection);
      }
      if (isSelfSigned(certificate)) {
        continue;
      }
      // OpenSSL's security level 2 refuses these hashes in all but a root: Mosquitto would not
      // start.
      String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
      if (signature.startsWith("SHA1") || signature.startsWith("MD")) {
        throw new InvalidCertificateException(
            where
                + "is signed with "
                + signature
                + ", which is too weak: have it signed with SHA-256 or better");
      }
    }
    for (int i = 1; i < chain.size(); i++) {
      if (!isSignedBy(chain.get(i - 1), chain.get(i))) {
        throw new InvalidCertificateException(
            "the certificate: number "
                + i
                + " of the chain is not signed by number "
                + (i + 1)
                + ": put the server's own certificate first, then each one's issuer");
      }
    }
  }

  static boolean isSelfSigned(X509Certificate certificate) {
    return isSignedBy(certificate, certificate);
  }

  static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
    if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean isPair(PrivateKey key, X509Certificate certificate) {
    try {
      Signature signature = Signature.getInstance(KeyAlgorithm.signatureAlgorithm(key));
      byte[] message =
          "mqtt-operator: does this key belong to this certificate?".getBytes(US_ASCII);
      signature.initSign(key);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }
}
