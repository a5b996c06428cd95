package io.mqttoperator.operator.broker.revision;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A real Mosquitto with the files that the operator writes does what the definition says, and the
 * evaluator answers the same: random users, labels, ACLs, topics and filters.
 */
class AccessDifferentialTest {

  private static final int CASES = Integer.getInteger("access.cases", 500);
  private static final long SEED = Long.getLong("access.seed", 1);
  private static final int WILLS_EVERY = 10;

  @Test
  void theBrokerDoesWhatTheDefinitionSays() {
    var renderer = new AccessRenderer();
    try (var comparison = new AccessComparison(AccessCases.of(SEED, 0))) {
      for (int number = 0; number < CASES; number++) {
        var asked = AccessCases.of(SEED, number);
        assertThat(
                comparison.compare(
                    asked, CompiledAccess.of(asked.plan(), renderer), number % WILLS_EVERY == 0))
            .as("-Daccess.seed=%d, case %d:%n%s", SEED, number, asked)
            .isEmpty();
      }
      System.out.printf(
          "%d cases, %d answers compared, no disagreement%n", CASES, comparison.questions());
    }
  }
}
