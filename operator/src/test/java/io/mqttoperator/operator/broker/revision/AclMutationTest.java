package io.mqttoperator.operator.broker.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link AccessDifferentialTest} would find: each mistake has a broker of its own. */
class AclMutationTest {

  private static final long SEED = 1;
  private static final int MOST_CASES = 60;
  private static final int CASES_OF_NO_MISTAKE = 20;

  @ParameterizedTest
  @EnumSource
  void aMistakeInTheFilesIsFound(AclMutation mistake) {
    var renderer = new AccessRenderer();
    try (var comparison = new AccessComparison(AccessCases.of(SEED, 0))) {
      var asked = 0;
      for (int number = 0; asked < MOST_CASES; number++) {
        var next = AccessCases.of(SEED, number);
        var compiled = CompiledAccess.of(next.plan(), renderer);
        var mistaken = mistake.of(compiled);
        if (!mistaken.equals(compiled)) {
          asked++;
          if (!comparison.compare(next, mistaken, false).isEmpty()) {
            return;
          }
        }
      }
      fail("%d cases with it did not show it", asked);
    }
  }

  /** In a section a Deny comes first, wherever it stands: the order is no part of the meaning. */
  @Test
  void theOrderOfLinesMakesNoDifference() {
    var renderer = new AccessRenderer();
    try (var comparison = new AccessComparison(AccessCases.of(SEED, 0))) {
      for (int number = 0; number < CASES_OF_NO_MISTAKE; number++) {
        var asked = AccessCases.of(SEED, number);
        var shuffled = AclMutation.shuffled(CompiledAccess.of(asked.plan(), renderer), number);
        assertThat(comparison.compare(asked, shuffled, false)).as(asked.toString()).isEmpty();
      }
    }
  }
}
