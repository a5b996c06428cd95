package io.mqttoperator.e2e.gitops;

import static io.mqttoperator.e2e.gitops.Doors.Answer.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Cluster;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/**
 * Tests on the example's production: a tool installs it before the first of them, it is as in the
 * example again after each, and gone after the last.
 */
abstract class OnProduction<T extends Tool> {

  final Cluster cluster;
  final Production<T> production;
  final Repository repository;

  OnProduction(T tool, Cluster cluster, Path clone) {
    this.cluster = cluster;
    this.production = Production.under(tool, cluster, clone);
    this.repository = production.repository();
  }

  @BeforeAll
  void install() {
    production.install();
  }

  @AfterEach
  void restore() {
    production.restore();
  }

  @AfterAll
  void leave() {
    production.close();
  }

  /** Every pod has answered so. */
  static void assertEach(Map<String, Doors.Answer> answers, Doors.Answer expected) {
    assertThat(answers.values())
        .as("what each pod answers: %s", answers)
        .hasSize(Production.PODS)
        .containsOnly(expected);
  }

  /** What each pod answers to meter-1 that publishes below its name. */
  void assertPublishing(String topic, Doors.Answer answer) {
    assertEach(production.doors().publish("meter-1", "devices/meter-1/" + topic), answer);
  }

  /** Clients trust the broker by this bundle, and every pod serves whom it serves. */
  void assertServes(String bundle) {
    var doors = production.doors();
    assertThat(doors.broker().trustBundle()).isEqualTo(bundle);
    assertEach(
        doors.publish(
            doors.broker().login("meter-1"), Broker.trust(bundle), "devices/meter-1/telemetry"),
        TAKEN);
  }
}
