package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class AskedChangesTest {

  private static final ResourceKey FLEET = new ResourceKey("plant", "fleet");

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final AskedChanges changes = new AskedChanges(new Now());

  private final class Now extends Clock {

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @Test
  void whatCannotWaitIsUrgentUntilItIsProven() {
    changes.add(FLEET, false);
    assertThat(changes.isUrgent(FLEET)).isTrue();
    assertThat(changes.begin(FLEET)).isTrue();
    assertThat(changes.isUrgent(FLEET)).isFalse();
    // The pass has failed.
    assertThat(changes.begin(FLEET)).isTrue();
    changes.provenInPart(FLEET);
    assertThat(changes.begin(FLEET)).isFalse();
  }

  @Test
  void whatCannotBeProvenDoesNotHurryForEver() {
    changes.add(FLEET, false);
    changes.begin(FLEET);
    now = now.plusSeconds(29);
    assertThat(changes.begin(FLEET)).isTrue();
    now = now.plusSeconds(2);
    assertThat(changes.begin(FLEET)).isFalse();
    changes.add(FLEET, false);
    assertThat(changes.begin(FLEET)).isTrue();
  }

  @Test
  void whatCanWaitIsNot() {
    changes.add(FLEET, true);
    assertThat(changes.isUrgent(FLEET)).isFalse();
    assertThat(changes.begin(FLEET)).isFalse();
    changes.add(FLEET, false);
    changes.add(FLEET, true);
    assertThat(changes.isUrgent(FLEET)).isTrue();
  }

  @Test
  void theTimeIsThatOfTheFirstOfThem() {
    assertThat(changes.proven(FLEET)).isEmpty();
    changes.add(FLEET, true);
    changes.begin(FLEET);
    now = now.plusSeconds(3);
    changes.add(FLEET, true);
    changes.begin(FLEET);
    changes.provenInPart(FLEET);
    now = now.plusSeconds(2);
    assertThat(changes.proven(FLEET)).contains(Duration.ofSeconds(5));
    assertThat(changes.proven(FLEET)).isEmpty();
  }

  @Test
  void whatWasAskedOfAFollowerCountsFromWhenItLeads() {
    changes.add(FLEET, true);
    now = now.plusSeconds(1000);
    changes.start();
    changes.begin(FLEET);
    now = now.plusSeconds(1);
    assertThat(changes.proven(FLEET)).contains(Duration.ofSeconds(1));
  }
}
