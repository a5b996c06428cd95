package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/** How long before its end a certificate is renewed. */
public final class RenewalWindow {
  private static final Duration LONGEST_DEFAULT = Duration.ofDays(30);

  private static final int FRACTIONS = 10_000;

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

  /**
   * The same, but earlier by up to a tenth of the time until then, for each name its own: so that
   * certificates that were issued together are not all renewed together.
   *
   * @param renewBefore less than the validity
   */
  public static Duration spread(Duration validity, Duration renewBefore, String name) {
    Duration most = validity.minus(renewBefore).dividedBy(10);
    return most.isNegative()
        ? renewBefore
        : renewBefore.plus(most.multipliedBy(fraction(name)).dividedBy(FRACTIONS));
  }

  private static int fraction(String name) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
      return ((hash[0] & 0xFF) << 8 | (hash[1] & 0xFF)) % FRACTIONS;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
