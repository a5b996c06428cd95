package io.mqttoperator.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RenewalWindowTest {

  private static final Duration VALIDITY = Duration.ofDays(90);
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  @Property
  void isEarlierByATenthOfTheTimeUntilThenAtMost(
      @ForAll @IntRange(min = 60, max = 1_000_000) int validity,
      @ForAll @IntRange(min = 1, max = 90) int percent,
      @ForAll String name) {
    var whole = Duration.ofMinutes(validity);
    var asked = whole.dividedBy(100).multipliedBy(percent);
    var spread = RenewalWindow.spread(whole, asked, name);
    assertThat(spread).isBetween(asked, asked.plus(whole.minus(asked).dividedBy(10)));
    assertThat(RenewalWindow.spread(whole, asked, name)).isEqualTo(spread);
  }

  /** 10,000 certificates of one day: six days for the renewals of two months. */
  @Test
  void noHourHasMoreThanItsShare() {
    var busiest =
        IntStream.range(0, 10_000)
            .mapToObj(i -> new UUID(i, 1).toString())
            .mapToLong(uid -> RenewalWindow.spread(VALIDITY, RENEW_BEFORE, uid).toHours())
            .boxed()
            .collect(
                java.util.stream.Collectors.groupingBy(
                    hour -> hour, java.util.stream.Collectors.counting()))
            .values()
            .stream()
            .mapToLong(Long::longValue)
            .max()
            .orElseThrow();
    assertThat(busiest).isLessThan(120);
  }
}
