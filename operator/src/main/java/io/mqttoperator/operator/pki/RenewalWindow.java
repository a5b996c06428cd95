package io.mqttoperator.operator.pki;

import java.time.Duration;

/** How long before its end a certificate is renewed. */
public final class RenewalWindow {
  private static final Duration LONGEST_DEFAULT = Duration.ofDays(30);

  private RenewalWindow() {}

  /** The default: a third of the validity, at most 720 hours. */
  public static Duration byDefault(Duration validity) {
    return shorter(validity.dividedBy(3), LONGEST_DEFAULT);
  }

  /**
   * What was asked for, but not more than 90 % of the validity: else there would be a new one all
   * the time.
   */
  public static Duration atMost(Duration validity, Duration wanted) {
    return shorter(validity.dividedBy(10).multipliedBy(9), wanted);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
