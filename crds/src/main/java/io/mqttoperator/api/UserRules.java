package io.mqttoperator.api;

/** What holds for users. */
final class UserRules {
  static final String USERNAME = "self.matches('^[A-Za-z0-9._@-]*$')";

  static final String USERNAME_MESSAGE =
      "use letters (A to Z, a to z), digits, '.', '_', '@' and '-' only";

  private UserRules() {}
}
