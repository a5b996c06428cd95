package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A request for a client certificate (PKCS#10, RFC 2986), by who holds the key. Only the key is
 * taken from it: name, extensions and validity are the broker's to say.
 */
public record SigningRequest(PublicKey key) {
  /** An RSA key of 8192 bits and many attributes take less. */
  public static final int MAX_BYTES = 16 * 1024;

  private static final String WHAT = "the signing request";

  /** SHA-256, SHA-384 and SHA-512 with RSA (RFC 4055) and ECDSA (RFC 5758). */
  private static final Set<String> SIGNATURES =
      Set.of(
          "1.2.840.113549.1.1.11",
          "1.2.840.113549.1.1.12",
          "1.2.840.113549.1.1.13",
          "1.2.840.10045.4.3.2",
          "1.2.840.10045.4.3.3",
          "1.2.840.10045.4.3.4");

  private static final Set<String> LABELS =
      Set.of("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");

  /**
   * Reads and checks a request.
   *
   * @param commonName the only name that it may ask for
   * @throws InvalidCertificateException if it cannot be signed; the message never holds content
   */
  public static SigningRequest parse(String pem, String commonName)
      throws InvalidCertificateException {
    List<PemBlock> blocks = PemBlock.parse(WHAT, pem.getBytes(UTF_8), MAX_BYTES);
    if (blocks.size() != 1 || !LABELS.contains(blocks.get(0).label())) {
      throw new InvalidCertificateException(
          WHAT + ": exactly one CERTIFICATE REQUEST block is expected, and nothing else");
    }
    PKCS10CertificationRequest request = decode(blocks.get(0).content());
    PublicKey key = key(request);
    String objection = KeyAlgorithm.objection(key).orElse("");
    if (!objection.isEmpty()) {
      throw new InvalidCertificateException(WHAT + " has a public key that " + objection);
    }
    requireSignature(request, key);
    requireName(request, commonName);
    return new SigningRequest(key);
  }

  private static PKCS10CertificationRequest decode(byte[] der) throws InvalidCertificateException {
    try {
      var request = new PKCS10CertificationRequest(der);
      if (Arrays.equals(request.getEncoded(), der)) {
        return request;
      }
    } catch (IOException | RuntimeException e) {
      // Said below: the parser's own message could quote the content.
    }
    throw new InvalidCertificateException(WHAT + " is not PKCS#10");
  }

  private static PublicKey key(PKCS10CertificationRequest request)
      throws InvalidCertificateException {
    try {
      return new JcaPKCS10CertificationRequest(request).getPublicKey();
    } catch (java.security.GeneralSecurityException | RuntimeException e) {
      throw new InvalidCertificateException(
          WHAT
              + " has a public key that cannot be read: use EC on a named curve (P-256, P-384, P-521) or RSA");
    }
  }

  /** It proves that who asks holds the key. */
  private static void requireSignature(PKCS10CertificationRequest request, PublicKey key)
      throws InvalidCertificateException {
    String algorithm = request.getSignatureAlgorithm().getAlgorithm().getId();
    if (!SIGNATURES.contains(algorithm)) {
      throw new InvalidCertificateException(
          WHAT
              + " is signed with an algorithm that is too weak, or not known ("
              + algorithm
              + "): sign it with SHA-256");
    }
    try {
      if (request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        return;
      }
    } catch (OperatorCreationException | PKCSException | RuntimeException e) {
      // Said below.
    }
    throw new InvalidCertificateException(
        WHAT + " is not signed by the key that it is for: make it with that key");
  }

  private static void requireName(PKCS10CertificationRequest request, String commonName)
      throws InvalidCertificateException {
    RDN[] names = request.getSubject().getRDNs(BCStyle.CN);
    boolean fits =
        names.length == 0
            || (names.length == 1
                && !names[0].isMultiValued()
                && names[0].getFirst().getValue() instanceof ASN1String text
                && text.getString().equals(commonName));
    if (!fits) {
      throw new InvalidCertificateException(
          WHAT
              + " asks for another name than the user's: its common name (CN) is "
              + commonName
              + ", or there is none");
    }
  }
}
