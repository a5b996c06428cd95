package io.mqttoperator.api;

/** What holds for a broker's storage. */
final class StorageRules {
  static final String A_SECOND_TO_A_DAY =
      "!self.matches('"
          + Formats.DURATION_FORM
          + "') || (duration(self) >= duration('1s') && duration(self) <= duration('24h'))";

  static final String A_SECOND_TO_A_DAY_MESSAGE = "set autosaveInterval to between 1s and 24h";

  static final String POSITIVE_QUANTITY =
      "isQuantity(string(self)) && quantity(string(self)).isGreaterThan(quantity('0'))";

  static final String POSITIVE_QUANTITY_MESSAGE = "write a size above 0, such as 1Gi or 500Mi";

  private StorageRules() {}
}
