package io.mqttoperator.api;

/**
 * The forms that strings of the API take, as regular expressions (RE2, so without look-ahead), with
 * the sentences that tell a user what is wrong.
 *
 * <p>Where the form needs an explanation it is checked by a CEL rule with a message rather than by
 * {@code pattern}, whose error only quotes the expression.
 */
final class Formats {
  /** Reason of every rule's error: the value itself is wrong, not missing or forbidden. */
  static final String INVALID = "FieldValueInvalid";

  /** RFC 1123 label. */
  static final String DNS_LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

  /** RFC 1123 subdomain: the name of most Kubernetes objects. */
  static final String DNS_SUBDOMAIN =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  static final String LABEL_VALUE = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$";

  static final String SECRET_KEY = "^[-._a-zA-Z0-9]+$";

  static final String IMAGE = "^[a-zA-Z0-9][-a-zA-Z0-9._:/@]*$";

  /** As k8s.io/apimachinery gives it for quantities, but for a sign. */
  static final String QUANTITY =
      "^(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))"
          + "(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?[0-9]{1,2}))?$";

  /**
   * Hours, minutes and seconds, in this order. The digits are bounded so that the sum stays below
   * what {@code duration()} of CEL and a {@code long} of nanoseconds hold (2,562,047 hours).
   */
  static final String DURATION_FORM = "^([0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?$";

  static final String DURATION = "self.matches('" + DURATION_FORM + "')";

  static final String DURATION_MESSAGE =
      "write a duration in whole hours, minutes and seconds, such as 2160h, 1h30m or 60s";

  static final int DURATION_LENGTH = 25;

  /** Keys with which the operator finds what it made, and tools find the broker. */
  static final String NO_RESERVED_KEYS =
      "self.all(k, !k.startsWith('mqttoperator.io/') && !k.startsWith('app.kubernetes.io/'))";

  static final String NO_RESERVED_KEYS_MESSAGE =
      "keys that begin with mqttoperator.io/ or app.kubernetes.io/ are the operator's: use another"
          + " prefix";

  /** Annotation keys may hold upper-case letters in the prefix, label keys may not. */
  static final String LABEL_KEYS = "self.all(k, !format.qualifiedName().validate(k).hasValue())";

  static final String ANNOTATION_KEYS =
      "self.all(k, !format.qualifiedName().validate(k.lowerAscii()).hasValue())";

  static final String KEYS_MESSAGE =
      "keys are an optional DNS name and a slash, then at most 63 letters, digits, '-', '_' or '.',"
          + " such as example.com/team";

  private Formats() {}
}
