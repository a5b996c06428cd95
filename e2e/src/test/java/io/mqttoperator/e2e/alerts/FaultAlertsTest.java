package io.mqttoperator.e2e.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.Installation;
import io.mqttoperator.e2e.OnCluster;
import io.mqttoperator.e2e.Prometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each fault makes the alert fire that is for it, and no other: of all that has fired since
 * Prometheus started, nothing is left that no fault explains. What other namespaces have is not
 * looked at. The operator of the cluster is stopped at the end, and started again.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FaultAlertsTest {

  /** For what happens on the cluster itself, before the rules see it. */
  private static final Duration MARGIN = Duration.ofMinutes(3);

  /** A user that cannot be proven to be gone is let go after five minutes. */
  private static final Duration RELEASE = Duration.ofMinutes(6);

  /** From the issue of a certificate until it is due, where an hour is 54 minutes too early. */
  private static final Duration DUE = Duration.ofMinutes(6);

  /** A certificate is late an hour after it was due; of users' the operator counts it itself. */
  private static final Duration LATE = Duration.ofHours(1);

  private static final Alert RELEASED = Alert.ofOperator("MqttReleasedUnproven");
  private static final Alert ABSENT = Alert.ofOperator("MqttOperatorAbsent");

  private final Cluster cluster;
  private final Installation operator;
  private final Injections injections;
  private final AlertRules rules = new AlertRules(Integer.getInteger("e2e.alerts.factor", 5));
  private final Prometheus prometheus;
  private final Set<Fault> faults;

  /** Everything that may have fired by now. */
  private final Set<String> explained = new TreeSet<>();

  FaultAlertsTest(Cluster cluster, @TempDir Path folder) throws IOException {
    this.cluster = cluster;
    this.operator = new Installation(cluster);
    this.injections = new Injections(cluster);
    this.faults =
        Stream.of(Fault.values())
            .filter(
                fault -> fault != Fault.CLIENTS_OVERDUE || Boolean.getBoolean("e2e.alerts.overdue"))
            .collect(Collectors.toSet());
    cluster.applyAndAwait(
        faults.stream()
            .filter(fault -> !fault.isOfNewBroker())
            .map(Fault::manifest)
            .collect(Collectors.joining("---\n")));
    // Before they are due.
    faults.stream().filter(Fault::isLate).forEach(injections::inject);
    this.prometheus = new Prometheus(folder, operator.metrics(), List.of(rules.writeTo(folder)));
  }

  @AfterAll
  void leave() {
    injections.close();
    prometheus.close();
  }

  @Test
  @Order(1)
  void aFaultOfABrokerFiresItsAlertAndNoOther() {
    var injected =
        faults.stream()
            .filter(fault -> !fault.isLate() && fault != Fault.PASSES_FAIL && fault != Fault.NONE)
            .toList();
    injected.forEach(injections::inject);

    awaitFiring(longer(rules.longest()), injected.stream().map(Fault::alert).toList());
    awaitFiring(RELEASE, List.of(RELEASED));
    assertNothingElseHasFired();
  }

  @Test
  @Order(2)
  void whatWasLetGoUnprovenIsToldWhenThePodAnswersAgain() {
    injections.thaw(Fault.FROZEN);

    awaitEnd(Fault.FROZEN.alert());
    assertThat(firing()).contains(RELEASED.toString());
    awaitEnd(RELEASED);
    assertNothingElseHasFired();
  }

  @Test
  @Order(3)
  void passesThatFailFireTheirAlertAndNoOther() {
    injections.inject(Fault.PASSES_FAIL);

    awaitFiring(longer(rules.longest()), List.of(Fault.PASSES_FAIL.alert()));
    injections.removeWebhook();
    awaitEnd(Fault.PASSES_FAIL.alert());
    assertNothingElseHasFired();
  }

  @Test
  @Order(4)
  void aCertificateThatIsNotRenewedFiresItsAlertAndNoOther() {
    awaitFiring(
        longer(DUE.plus(rules.scaled(LATE)).plus(rules.longest())),
        List.of(Fault.NOT_RENEWED.alert()));
    if (faults.contains(Fault.CLIENTS_OVERDUE)) {
      awaitFiring(
          longer(DUE.plus(LATE).plus(rules.longest())), List.of(Fault.CLIENTS_OVERDUE.alert()));
    }
    assertNothingElseHasFired();
  }

  /** Of brokers nothing is told any more. */
  @Test
  @Order(5)
  void anOperatorThatIsGoneFiresItsAlertAndNoOther() {
    operator.stopWhile(
        () -> {
          awaitFiring(longer(rules.longest()), List.of(ABSENT));
          Awaitility.await("nothing else fires")
              .atMost(longer(rules.longest()))
              .untilAsserted(() -> assertThat(firing()).containsExactly(ABSENT.toString()));
        });
    assertNothingElseHasFired();
  }

  private static Duration longer(Duration limit) {
    return limit.plus(MARGIN);
  }

  private void awaitFiring(Duration limit, Collection<Alert> alerts) {
    var expected = alerts.stream().map(Alert::toString).toList();
    explained.addAll(expected);
    Awaitility.await("firing")
        .atMost(limit)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(firing()).containsAll(expected));
    expected.forEach(alert -> System.out.println("fires: " + alert));
  }

  private void awaitEnd(Alert alert) {
    Awaitility.await("the end of " + alert)
        .atMost(longer(rules.longest()))
        .untilAsserted(() -> assertThat(firing()).doesNotContain(alert.toString()));
  }

  private void assertNothingElseHasFired() {
    assertThat(
            names(
                prometheus.query("max_over_time(ALERTS{alertstate=\"firing\"}[1d])"),
                "metric",
                series -> true))
        .as("what has fired since Prometheus started")
        .isEqualTo(explained);
  }

  private Set<String> firing() {
    return names(
        prometheus.alerts(), "labels", alert -> alert.path("state").asText().equals("firing"));
  }

  /** Those of this test's brokers, and of the operator. */
  private Set<String> names(JsonNode series, String labels, Predicate<JsonNode> isMeant) {
    return StreamSupport.stream(series.spliterator(), false)
        .filter(isMeant)
        .map(found -> found.path(labels))
        .filter(
            found ->
                found.path("broker").isMissingNode()
                    || found.path("namespace").asText().equals(cluster.namespace()))
        .map(found -> Alert.of(found).toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
