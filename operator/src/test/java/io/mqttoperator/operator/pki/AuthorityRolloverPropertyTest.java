package io.mqttoperator.operator.pki;

import static io.mqttoperator.operator.pki.KeyAlgorithm.ECDSA_P256;
import static io.mqttoperator.operator.pki.KeyAlgorithm.ECDSA_P384;
import static io.mqttoperator.operator.pki.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Ten years of authorities that follow each other, by themselves and as somebody asks for it. */
class AuthorityRolloverPropertyTest {

  private static final Duration TEN_YEARS = Duration.ofDays(3652);
  private static final Duration LONGEST_OVERLAP = Duration.ofDays(20);
  private static final Duration LATENESS = Duration.ofDays(10);

  @Property(tries = 4)
  void noClientByTheBookIsEverRefused(@ForAll long seed) throws Exception {
    var random = new Random(seed);
    var model = new RolloverModel(seed, request(random, 1));
    var end = NOW.plus(TEN_YEARS);
    while (model.now().isBefore(end)) {
      if (random.nextInt(12) == 0) {
        var generation = Math.max(1, model.asked().generation() + random.nextInt(4) - 1);
        model.ask(request(random, generation));
      }
      model.step(LATENESS);
    }
    assertThat(model.rollovers).isGreaterThan(3);
    assertThat(model.bounds).as("rollovers that somebody tried to hold up").isPositive();
  }

  private static AuthorityRequest request(Random random, int generation) {
    var validity = Duration.ofDays(200 + random.nextInt(1200));
    return new AuthorityRequest(
        "fleet CA",
        random.nextBoolean() ? ECDSA_P256 : ECDSA_P384,
        validity,
        Duration.ofDays(60 + random.nextInt(30)),
        random.nextInt(4) == 0
            ? Duration.ZERO
            : Duration.ofHours(random.nextLong(LONGEST_OVERLAP.toHours())),
        generation);
  }
}
