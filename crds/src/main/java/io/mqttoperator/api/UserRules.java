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

  static final String ONE_NAME =
      "!has(self.username) || !has(self.password) || !has(self.password.secretRef)"
          + " || !has(self.password.secretRef.usernameKey)";

  static final String ONE_NAME_MESSAGE =
      "the Secret that password.secretRef.usernameKey is of says the username: remove username";

  /**
   * What is under the key is shown as the username: nobody who may not read a Secret may have the
   * operator show another of its values.
   */
  static final String SAYS_IT_IS_A_NAME =
      "self.matches('(?i)(user|name|login)')"
          + " && !self.matches('(?i)(pass|pwd|secret|token|psk|p12|key$)')";

  static final String SAYS_IT_IS_A_NAME_MESSAGE =
      "use a key that says that it is a name: one that holds 'user', 'name' or 'login', and not"
          + " 'pass', 'pwd', 'secret', 'token', 'psk' or 'p12', nor ends in 'key'";

  static final String NAME_IS_NOT_THE_PASSWORD =
      "!has(self.usernameKey) || self.usernameKey != (has(self.key) ? self.key : 'password')";

  static final String NAME_IS_NOT_THE_PASSWORD_MESSAGE =
      "the username and the password are under different keys";

  /** A generated one cannot be guessed, and a hash says how often it was hashed. */
  static final String OWN_PASSWORD_IS_HASHED =
      "!has(self.iterations) || (has(self.secretRef)"
          + " && (!has(self.secretRef.format) || self.secretRef.format == 'Plain'))";

  static final String OWN_PASSWORD_IS_HASHED_MESSAGE =
      "only a password of the user's own is hashed more than once: set secretRef with the format"
          + " Plain, or remove iterations";

  /** Else the username would be another by a change of the spec. */
  static final String SAME_SOURCE_OF_NAME =
      "(has(self.password) && has(self.password.secretRef)"
          + " && has(self.password.secretRef.usernameKey))"
          + " == (has(oldSelf.password) && has(oldSelf.password.secretRef)"
          + " && has(oldSelf.password.secretRef.usernameKey))";

  static final String SAME_SOURCE_OF_NAME_MESSAGE =
      "usernameKey cannot be added or removed later: delete this MqttUser and create it anew";

  private UserRules() {}
}
