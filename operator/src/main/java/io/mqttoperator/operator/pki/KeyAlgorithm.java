package io.mqttoperator.operator.pki;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of key that certificates are issued with. */
public enum KeyAlgorithm {
  ECDSA_P256("EC", 256),
  ECDSA_P384("EC", 384),
  RSA_2048("RSA", 2048),
  RSA_3072("RSA", 3072),
  RSA_4096("RSA", 4096);

  private final String family;
  private final int bits;

  KeyAlgorithm(String family, int bits) {
    this.family = family;
    this.bits = bits;
  }

  /**
   * The algorithm of a key; empty for a usable key that we would not make ourselves, such as P-521
   * or RSA-6144.
   */
  public static Optional<KeyAlgorithm> of(Key key) {
    return Arrays.stream(values())
        .filter(algorithm -> algorithm.family.equals(family(key)) && algorithm.bits == bits(key))
        .findFirst();
  }

  KeyPair generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
      generator.initialize(parameters(), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime cannot make " + this + " keys", e);
    }
  }

  /**
   * The signature algorithm that fits a key: the hash is as strong as the curve (RFC 5656 section
   * 6.2.1 has the same table), SHA-256 with any RSA key, which is what small devices verify.
   */
  static String signatureAlgorithm(Key key) {
    if (key instanceof RSAKey) {
      return "SHA256withRSA";
    }
    int bits = bits(key);
    return bits <= 256 ? "SHA256withECDSA" : bits <= 384 ? "SHA384withECDSA" : "SHA512withECDSA";
  }

  /** What is wrong with a key of another's making; empty if it can be used. */
  static Optional<String> objection(Key key) {
    return switch (key) {
      case RSAKey rsa when rsa.getParams() != null ->
          Optional.of(
              "is restricted to RSA-PSS, which many TLS clients cannot verify: use a plain RSA or an EC key");
      // OpenSSL's security level 2, the default of Debian and others, refuses shorter ones: no
      // handshake would work.
      case RSAKey rsa when bits(key) < 2048 ->
          Optional.of(
              "has "
                  + bits(key)
                  + " bits: RSA needs 2048 or more, as OpenSSL refuses shorter keys");
      case RSAKey rsa when bits(key) > 8192 ->
          Optional.of("has " + bits(key) + " bits: RSA may have 8192 at most");
      case RSAKey rsa -> Optional.empty();
      case ECKey ec when isNist(ec.getParams()) -> Optional.empty();
      // Java reads keys on a few other curves, and certificates with keys that it cannot read.
      case Key other when other.getAlgorithm().equals("EC") ->
          Optional.of(
              "is on a curve that TLS clients do not take: use P-256, P-384 or P-521 (prime256v1,"
                  + " secp384r1, secp521r1)");
      default ->
          Optional.of(
              "is of the kind " + key.getAlgorithm() + ": use EC (P-256, P-384, P-521) or RSA");
    };
  }

  private static boolean isNist(ECParameterSpec curve) {
    return Stream.of("secp256r1", "secp384r1", "secp521r1")
        .map(KeyAlgorithm::curve)
        .anyMatch(
            nist ->
                nist.getCurve().equals(curve.getCurve())
                    && nist.getGenerator().equals(curve.getGenerator())
                    && nist.getOrder().equals(curve.getOrder()));
  }

  private static ECParameterSpec curve(String name) {
    try {
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(name));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + name, e);
    }
  }

  private AlgorithmParameterSpec parameters() {
    return family.equals("EC")
        ? new ECGenParameterSpec("secp" + bits + "r1")
        : new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4);
  }

  private static String family(Key key) {
    return key instanceof RSAKey ? "RSA" : key instanceof ECKey ? "EC" : key.getAlgorithm();
  }

  private static int bits(Key key) {
    return switch (key) {
      case RSAKey rsa -> rsa.getModulus().bitLength();
      // Of the NIST curves, the field's size names the curve.
      case ECKey ec -> ec.getParams().getCurve().getField().getFieldSize();
      default -> 0;
    };
  }
}
