package io.mqttoperator.e2e.outage;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Installation;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Those who manage brokers are away. Who does this disturbs all others on the cluster. */
final class ControlPlaneChanges {

  private static final Duration AWAY = Duration.ofSeconds(5);

  private ControlPlaneChanges() {}

  static List<Round> operator() {
    return List.of(
        Round.of(
            slow(
                Expectation.UNDISTURBED,
                "operator down for 5 s",
                (broker, i) -> withoutOperator(broker, () -> pause()))),
        Round.of(
            slow(
                Expectation.AWAY_ONCE,
                "pod 0 deleted while the operator is down",
                (broker, i) -> withoutOperator(broker, () -> replacePod(broker)))));
  }

  static List<Round> apiServer() {
    return List.of(
        Round.of(
            slow(
                Expectation.UNDISTURBED,
                "API server down for 5 s",
                (broker, i) -> withoutApiServer(broker, () -> pause()))),
        Round.of(
            slow(
                Expectation.AWAY_ONCE,
                "broker of pod 0 killed while the API server is down",
                (broker, i) -> withoutApiServer(broker, killBroker(broker)))));
  }

  private static Change slow(Expectation expectation, String name, Change.Action action) {
    return new Change(name, expectation, true, action);
  }

  private static BooleanSupplier withoutOperator(BrokerUnderChange broker, Runnable meanwhile) {
    new Installation(broker.cluster()).stopWhile(meanwhile);
    return broker::isSettled;
  }

  /** The pod is back when it is another and ready; its broker cannot be, without an operator. */
  private static void replacePod(BrokerUnderChange broker) {
    var pod = BrokerUnderChange.pod(0);
    var before = broker.incarnations().get(pod);
    PodChanges.delete(broker, pod);
    Awaitility.await("another " + pod + ", ready")
        .atMost(Duration.ofMinutes(2))
        .until(
            () ->
                !Objects.equals(before, broker.incarnations().get(pod))
                    && broker.view().pod(pod).filter(BrokerUnderChange::isReady).isPresent());
  }

  private static BooleanSupplier withoutApiServer(BrokerUnderChange broker, Runnable meanwhile) {
    ApiServer.ofLocalCluster().stopWhile(meanwhile);
    return broker::isSettled;
  }

  /** Whom to kill is found out while the API server still answers. */
  private static Runnable killBroker(BrokerUnderChange broker) {
    var pod = broker.view().pod(BrokerUnderChange.pod(0)).orElseThrow().getMetadata().getUid();
    return () -> {
      var process = BrokerProcess.of(pod).orElseThrow();
      process.kill();
      Awaitility.await("another broker process in pod 0")
          .atMost(Cluster.START_LIMIT)
          .until(
              () -> BrokerProcess.of(pod).filter(found -> found.id() != process.id()).isPresent());
    };
  }

  /** As long as what is down is down. */
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(AWAY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
