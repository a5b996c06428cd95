package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WritesTest {

  private static final List<Integer> MANY = IntStream.range(0, 1_000).boxed().toList();

  private final Writes writes = new Writes();

  @AfterEach
  void close() {
    writes.close();
  }

  @Test
  void allAreWrittenWithEndlessPatience() throws InterruptedException {
    assertThat(writes.forFirst(MANY, number -> number, Patience.ENDLESS)).isEqualTo(MANY);
    assertThat(writes.forFirst(List.<Integer>of(), number -> number, Patience.ENDLESS)).isEmpty();
  }

  @Test
  void theFirstAreWrittenUntilPatienceEnds() throws InterruptedException {
    var isUrgent = new AtomicBoolean();
    var written =
        writes.forFirst(
            MANY,
            number -> {
              isUrgent.compareAndSet(false, number >= 300);
              return number;
            },
            new Patience(isUrgent::get));
    assertThat(written).hasSizeBetween(301, 400).isEqualTo(MANY.subList(0, written.size()));
  }

  /** Or a flood of urgent changes would let nobody in. */
  @Test
  void someAreWrittenWithoutPatience() throws InterruptedException {
    assertThat(writes.forFirst(MANY, number -> number, new Patience(() -> true)))
        .hasSizeBetween(16, 100);
  }

  @Test
  void patienceThatHasEndedDoesNotReturn() {
    var isUrgent = new AtomicBoolean(true);
    var patience = new Patience(isUrgent::get);
    assertThat(patience.ends()).isTrue();
    isUrgent.set(false);
    assertThat(patience.ends()).isTrue();
  }
}
