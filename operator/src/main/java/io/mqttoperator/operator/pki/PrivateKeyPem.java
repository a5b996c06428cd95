package io.mqttoperator.operator.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Private keys as PEM. Written as PKCS#8, unencrypted, which OpenSSL, Mosquitto and Java read; read
 * as that, and in the older forms (PKCS#1, SEC 1) that OpenSSL and cert-manager write by default.
 */
final class PrivateKeyPem {
  /** An RSA key of 8192 bits takes 6.3 kB. */
  static final int MAX_BYTES = 16 * 1024;

  private static final String WHAT = "the private key";

  private PrivateKeyPem() {}

  static byte[] render(PrivateKey key) {
    return new PemBlock("PRIVATE KEY", key.getEncoded()).pem();
  }

  static PrivateKey parse(byte[] pem) throws InvalidCertificateException {
    // `openssl ecparam -genkey` puts the name of the curve before the key, which names it again.
    List<PemBlock> blocks =
        PemBlock.parse(WHAT, pem, MAX_BYTES).stream()
            .filter(block -> !block.label().equals("EC PARAMETERS"))
            .toList();
    if (blocks.size() != 1) {
      throw new InvalidCertificateException(
          WHAT
              + ": its file holds "
              + blocks.size()
              + " keys or other blocks, exactly one key is expected");
    }
    PemBlock block = blocks.get(0);
    switch (block.label()) {
      case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY" -> {}
      case "ENCRYPTED PRIVATE KEY" ->
          throw new InvalidCertificateException(
              WHAT + " is encrypted: give it without a passphrase");
      default ->
          throw new InvalidCertificateException(
              WHAT
                  + ": its file holds a "
                  + block.label()
                  + " block, a PRIVATE KEY block is expected");
    }
    PrivateKey key = decode(block);
    String objection = KeyAlgorithm.objection(key).orElse("");
    if (!objection.isEmpty()) {
      throw new InvalidCertificateException(WHAT + " " + objection);
    }
    return key;
  }

  private static PrivateKey decode(PemBlock block) throws InvalidCertificateException {
    try {
      PrivateKeyInfo info =
          switch (block.label()) {
            case "RSA PRIVATE KEY" ->
                new PrivateKeyInfo(
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                    RSAPrivateKey.getInstance(block.content()));
            case "EC PRIVATE KEY" -> {
              ECPrivateKey key = ECPrivateKey.getInstance(block.content());
              yield new PrivateKeyInfo(
                  new AlgorithmIdentifier(
                      X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
                  key);
            }
            default -> PrivateKeyInfo.getInstance(block.content());
          };
      String algorithm = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
      return KeyFactory.getInstance(algorithm)
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      // No cause: it could quote the key.
      throw new InvalidCertificateException(
          WHAT
              + " cannot be read: use an EC key on a named curve (P-256, P-384, P-521) or an RSA key");
    }
  }
}
