package io.mqttoperator.operator.pki;

import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * Tells authorities apart by their keys. Made of the key itself, not of what a certificate says of
 * it: an authority whose certificate is made anew has the same.
 */
public record KeyIdentifier(String hex) {

  /** How it is written, as a regular expression. */
  static final String PATTERN = "[0-9a-f]{40}";

  public KeyIdentifier {
    if (!hex.matches(PATTERN)) {
      throw new IllegalArgumentException("a key identifier is written in 40 lower-case hex digits");
    }
  }

  /** Of an authority's key. */
  public static KeyIdentifier of(X509Certificate authority) {
    return new KeyIdentifier(
        HexFormat.of().formatHex(CertificateExtensions.keyIdentifier(authority.getPublicKey())));
  }
}
