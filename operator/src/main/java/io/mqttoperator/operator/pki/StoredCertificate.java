package io.mqttoperator.operator.pki;

/** What is stored of a certificate that we issued. */
public sealed interface StoredCertificate {
  /**
   * A usable pair.
   *
   * @param generation the desired generation when it was issued, stored beside it; 0 if that is not
   *     known
   */
  record Usable(KeyAndCertificate pair, long generation) implements StoredCertificate {}

  /** One for a key that somebody else holds; otherwise as {@link Usable}. */
  record Keyless(KeylessCertificate certificate, long generation) implements StoredCertificate {}

  /**
   * Something else.
   *
   * @param problem a sentence for people, without any of the content
   */
  record Unreadable(String problem) implements StoredCertificate {}

  /** Reads what is stored; never fails. */
  static StoredCertificate read(byte[] certificatePem, byte[] keyPem, long generation) {
    try {
      return new Usable(KeyAndCertificate.parse(certificatePem, keyPem), generation);
    } catch (InvalidCertificateException e) {
      return new Unreadable(e.problem());
    }
  }
}
