package io.mqttoperator.operator.broker.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A pass makes keys for a bounded time: the others get theirs in the next ones. */
@Execution(ExecutionMode.CONCURRENT)
class IssuingTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final int DEVICES = 60;

  private final Fleet fleet = Fleet.in(API);

  /** Each look at it takes 10 ms: as if keys took long to make. */
  private static Clock slowClock() {
    var looks = new AtomicLong();
    InstantSource source =
        () -> Instant.now().plus(Duration.ofMillis(10).multipliedBy(looks.incrementAndGet()));
    return source.withZone(ZoneOffset.UTC);
  }

  private static long count(List<String> writes, String what) {
    return writes.stream().filter(write -> write.matches(what)).count();
  }

  @Test
  void manyGetTheirsPassByPassAndNobodyIsWrittenTwice() {
    fleet.broker("{listeners: [{name: devices, port: 8885, authentication: Certificate}]}");
    for (int i = 0; i < DEVICES; i++) {
      fleet.user("device-" + i, "certificate: {}");
    }
    try (RunningOperator operator = API.operator(fleet.namespace(), slowClock())) {
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> fleet.ledger().entries().size() == DEVICES);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  count(operator.requests().writes(), "PATCH .*/mqttusers/device-[0-9]+/status")
                      >= DEVICES);
      var writes = operator.requests().writes();
      assertThat(count(writes, "PUT .*/secrets/fleet-revocations"))
          .as("passes that issue after the first one, each of which writes the ledger")
          .isPositive();
      assertThat(count(writes, "PATCH .*/mqttusers/device-[0-9]+/status"))
          .as("who waits for a certificate is left out")
          .isLessThan(DEVICES + DEVICES / 2);
      assertThat(
              API.client()
                  .resources(MqttUser.class)
                  .inNamespace(fleet.namespace())
                  .list()
                  .getItems())
          .allMatch(user -> user.getStatus() != null);
    }
  }
}
