package io.mqttoperator.e2e.gitops;

import static io.mqttoperator.e2e.gitops.Doors.Answer.NOT_ALLOWED;
import static io.mqttoperator.e2e.gitops.Doors.Answer.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.OnCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is changed beside Git is put back, and nothing is written by turns. */
@OnCluster
final class FluxDriftTest extends OnProduction<Flux> {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  FluxDriftTest(Cluster cluster, @TempDir Path clone) {
    super(Flux.in(cluster), cluster, clone);
  }

  @Test
  void aWidenedRuleIsPutBack() {
    edit(
        "mqa/devices",
        "{\"op\": \"replace\", \"path\": \"/spec/rules/0/topics/0\", \"value\": \"#\"}");

    Awaitility.await("the topic is as in Git")
        .atMost(LIMIT)
        .until(this::topics, topics -> topics.equals(List.of("devices/{username}/telemetry")));
    cluster.awaitReady("mqa", "devices", LIMIT);
    assertEach(production.doors().publish("meter-1", "devices/meter-2/telemetry"), NOT_ALLOWED);
  }

  private List<String> topics() {
    return cluster.get("mqa", "devices").get("spec", "rules", 0, "topics");
  }

  /** Of a field that is not in Git at all. */
  @Test
  void whatKubectlAddsIsTakenAway() {
    edit("mqu/meter-1", "{\"op\": \"add\", \"path\": \"/spec/disabled\", \"value\": true}");

    Awaitility.await("it is enabled again")
        .atMost(LIMIT)
        .until(() -> !Boolean.TRUE.equals(cluster.get("mqu", "meter-1").get("spec", "disabled")));
    cluster.awaitReady("mqu", "meter-1", LIMIT);
    assertPublishing("telemetry", TAKEN);
  }

  /** As {@code kubectl edit} does. */
  private void edit(String resource, String operation) {
    cluster
        .kubectl()
        .run(
            "patch",
            resource,
            "--type=json",
            "--field-manager=kubectl-edit",
            "--patch=[" + operation + "]")
        .orFail();
  }

  /** Flux looks every 5 seconds here. */
  @Test
  void nothingIsWrittenByTurns() {
    var looks = production.tool().versions().size();

    assertThat(production.awaitQuietMinute())
        .contains("MqttBroker/fleet", "Secret/meter-1-mqtt", "Pod/fleet-2");
    assertThat(production.tool().versions().size() - looks)
        .as("Flux was at work")
        .isGreaterThan(10);
  }

  @Test
  void noFieldIsOwnedByBoth() {
    for (var resource : List.of("mqb/fleet", "mqu/meter-1", "mqu/dashboard", "mqa/devices")) {
      var name = resource.split("/", 2);
      var fields = OwnedFields.of(cluster.get(name[0], name[1]));

      var flux = fields.of("kustomize-controller");
      var operator = fields.of("mqtt-operator");
      assertThat(flux).as("Flux's fields of " + resource).isNotEmpty();
      assertThat(operator).as("the operator's fields of " + resource).isNotEmpty();
      assertThat(flux).as("of " + resource).doesNotContainAnyElementsOf(operator);
      assertThat(operator)
          .as("of " + resource)
          .allMatch(field -> field.startsWith("f:status") || field.contains("f:finalizers"));
    }
  }
}
