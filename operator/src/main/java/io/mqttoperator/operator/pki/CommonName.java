package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;

/** The common name (CN) of a certificate's subject. */
public final class CommonName {
  /** The most characters of a common name (RFC 5280 appendix A.1, ub-common-name). */
  public static final int MAX_LENGTH = 64;

  private static final int HASH_DIGITS = 16;

  private CommonName() {}

  /**
   * A name that fits: the name itself, or its beginning, a dash and 16 hex digits of its SHA-256.
   * For authorities, whose name only has to tell them apart.
   */
  public static String shortened(String name) {
    if (fits(name)) {
      return name;
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
      String suffix = "-" + HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
      int end = name.offsetByCodePoints(0, MAX_LENGTH - suffix.length());
      return name.substring(0, end) + suffix;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  static boolean fits(String name) {
    return name.codePointCount(0, name.length()) <= MAX_LENGTH;
  }

  /** Refuses what a reader of the certificate could take for another name. */
  static void require(String name) {
    if (name.isEmpty() || !fits(name)) {
      throw new IllegalArgumentException(
          "a common name has 1 to "
              + MAX_LENGTH
              + " characters, not "
              + name.codePointCount(0, name.length()));
    }
    requireText(name);
  }

  static void requireText(String name) {
    if (!name.equals(name.strip()) || name.codePoints().anyMatch(CommonName::isForbidden)) {
      throw new IllegalArgumentException(
          "a common name may not hold control characters or begin or end with a space");
    }
  }

  /**
   * The subject with this name, if it is not empty, and no other attribute; nothing in the name is
   * syntax.
   */
  static X500Name subject(String name) {
    return name.isEmpty()
        ? new X500Name(new RDN[0])
        : new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, new DERUTF8String(name)).build();
  }

  /** The common name of a certificate's subject, empty if it has none. */
  public static String of(X509Certificate certificate) {
    RDN[] names =
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded())
            .getRDNs(BCStyle.CN);
    return names.length > 0 && names[0].getFirst().getValue() instanceof ASN1String text
        ? text.getString()
        : "";
  }

  private static boolean isForbidden(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }
}
