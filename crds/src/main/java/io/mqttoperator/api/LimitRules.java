package io.mqttoperator.api;

/** What holds for a broker's limits and its log. */
final class LimitRules {
  static final String A_SECOND_TO_TEN_YEARS =
      "!self.matches('"
          + Formats.DURATION_FORM
          + "') || (duration(self) >= duration('1s') && duration(self) <= duration('87600h'))";

  static final String A_SECOND_TO_TEN_YEARS_MESSAGE =
      "set sessionExpiry to between 1s and 87600h, or leave it out";

  /** Mosquitto 2.1.2 was measured to start with 1 MB and not with 200 kB. */
  static final String ENOUGH_TO_START =
      "isQuantity(string(self))"
          + " && quantity(string(self)).compareTo(quantity('4Mi')) >= 0"
          + " && quantity(string(self)).compareTo(quantity('1Ti')) <= 0";

  static final String ENOUGH_TO_START_MESSAGE =
      "write an amount of memory from 4Mi to 1Ti, such as 128Mi";

  static final String ALONE = "size(self) == 1 || !self.exists(t, t == 'all' || t == 'none')";

  static final String ALONE_MESSAGE = "all and none stand alone: leave the others out";

  private LimitRules() {}
}
