package io.mqttoperator.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mqttoperator.operator.kube.ReconcileQueue;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.kube.TryAgain;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The alert on passes that fail counts those alone that do. */
final class TimedPassTest {

  private static final ResourceKey FLEET = new ResourceKey("shop", "fleet");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void whatWasOutOfDateIsNoFailure() throws InterruptedException {
    var unused = timed(key -> Optional.empty()).reconcile(FLEET);
    assertThrows(new TryAgain("a Secret changed meanwhile", null));
    assertThrows(new IllegalStateException("the API server does not answer"));
    assertThrows(new IllegalStateException("the API server does not answer"));

    assertThat(counts()).isEqualTo(Map.of("ended", 1L, "outdated", 1L, "failed", 2L));
  }

  @Test
  void whatStaysOutOfDateIsAFailure() {
    var stuck = new TryAgain("it is still being deleted", null);
    var pass =
        timed(
            key -> {
              throw stuck;
            });
    for (int count = 0; count < TryAgain.USUAL_IN_A_ROW + 2; count++) {
      assertThatThrownBy(() -> pass.reconcile(FLEET)).isSameAs(stuck);
    }
    assertThat(counts())
        .isEqualTo(Map.of("outdated", (long) TryAgain.USUAL_IN_A_ROW, "failed", 2L));
  }

  private TimedPass timed(ReconcileQueue.Pass pass) {
    return new TimedPass(pass, registry);
  }

  private void assertThrows(RuntimeException thrown) {
    var pass =
        timed(
            key -> {
              throw thrown;
            });
    assertThatThrownBy(() -> pass.reconcile(FLEET)).isSameAs(thrown);
  }

  private Map<String, Long> counts() {
    return registry.find("mqtt_operator_reconcile").timers().stream()
        .collect(Collectors.toMap(timer -> timer.getId().getTag("outcome"), Timer::count));
  }
}
