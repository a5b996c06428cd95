package io.mqttoperator.api;

/** What holds for users. */
final class UserRules {
  static final String USERNAME = "self.matches('^[A-Za-z0-9._@-]*$')";

  static final String USERNAME_MESSAGE =
      "use letters (A to Z, a to z), digits, '.', '_', '@' and '-' only";

  static final String ONE_SOURCE_OF_NAME =
      "!has(self.username) || !has(self.password) || !has(self.password.secretRef)"
          + " || !has(self.password.secretRef.usernameKey)";

  static final String ONE_SOURCE_OF_NAME_MESSAGE =
      "remove username: with password.secretRef.usernameKey the Secret holds the name";

  private UserRules() {}
}
