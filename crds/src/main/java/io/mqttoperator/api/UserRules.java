package io.mqttoperator.api;

/** What holds for users. */
final class UserRules {
  static final String USERNAME = "self.matches('^[A-Za-z0-9._@-]*$')";

  static final String USERNAME_MESSAGE =
      "use letters (A to Z, a to z), digits, '.', '_', '@' and '-' only";

  /** RFC 5280, appendix A.1: ub-common-name. */
  static final String FITS_A_CERTIFICATE =
      "!has(self.certificate) || !has(self.username) || size(self.username) <= 64";

  static final String FITS_A_CERTIFICATE_MESSAGE =
      "a user with a certificate has a username of at most 64 characters: its common name holds no"
          + " more";

  private UserRules() {}
}
