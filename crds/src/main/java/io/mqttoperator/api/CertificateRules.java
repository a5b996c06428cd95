package io.mqttoperator.api;

/**
 * What holds for the times of any certificate. A rule that calls {@code duration()} first asks
 * whether the text is one: else its error would stand beside the message that says so.
 */
final class CertificateRules {
  static final String AN_HOUR_OR_MORE =
      "!self.matches('" + Formats.DURATION_FORM + "') || duration(self) >= duration('1h')";

  static final String AN_HOUR_OR_MORE_MESSAGE = "set validity to 1h or more";

  static final String RENEWED_IN_TIME =
      "!has(self.renewBefore)"
          + " || !self.renewBefore.matches('"
          + Formats.DURATION_FORM
          + "') || !self.validity.matches('"
          + Formats.DURATION_FORM
          + "') || (duration(self.renewBefore) >= duration('1m')"
          + " && duration(self.renewBefore).getSeconds() * 10"
          + " <= duration(self.validity).getSeconds() * 9)";

  static final String RENEWED_IN_TIME_MESSAGE =
      "set renewBefore to at least 1m and at most 90 % of validity";

  /** X.509 names: DNS names, with a wildcard as the first label, and IP addresses. */
  static final String DNS_NAME_OR_IP =
      "isIP(self) || (self.matches('^([*][.])?[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?"
          + "([.][A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?)*$')"
          + " && !self.matches('(^|[.])[0-9]+$'))";

  static final String DNS_NAME_OR_IP_MESSAGE =
      "write a DNS name such as mqtt.example.com or *.example.com, or an IP address";

  /** Read whole by the operator, which says what is wrong in a condition. */
  static final String SIGNING_REQUEST =
      "self.contains('-----BEGIN CERTIFICATE REQUEST-----')"
          + " || self.contains('-----BEGIN NEW CERTIFICATE REQUEST-----')";

  static final String SIGNING_REQUEST_MESSAGE =
      "give a certificate signing request in PEM: it begins with -----BEGIN CERTIFICATE REQUEST-----";

  static final String KEY_FOR_PKCS12 = "!has(self.csr) || !self.pkcs12";

  static final String KEY_FOR_PKCS12_MESSAGE =
      "leave pkcs12 false where there is a csr: the file would hold the private key, which stays on"
          + " the device";

  private CertificateRules() {}
}
