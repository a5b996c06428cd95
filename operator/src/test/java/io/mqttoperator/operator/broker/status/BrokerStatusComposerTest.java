package io.mqttoperator.operator.broker.status;

import static io.mqttoperator.operator.broker.Samples.NOW;
import static io.mqttoperator.operator.broker.Samples.at;
import static io.mqttoperator.operator.broker.Samples.pod;
import static io.mqttoperator.operator.broker.Samples.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttBrokerStatus.Endpoint;
import io.mqttoperator.api.MqttBrokerStatus.PodStatus;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.certificates.SecretKeeperTest;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.revision.AccessRenderer;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.broker.revision.Starts;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.BrokerConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BrokerStatusComposerTest {

  private static final Verdict VALID = Verdict.yes(Reason.ACCEPTED, "The spec is valid.");
  private static final Verdict ISSUED = Verdict.yes(Reason.ISSUED, "All are issued.");
  private static final Enforcement PROVEN = new Enforcement.Proven();
  private static final Enforcement PENDING = new Enforcement.Pending(Reason.APPLYING, "Not yet.");
  private static final Pod RUNNING =
      pod("containerStatuses: [{name: mosquitto, ready: true, state: {running: {}}}]");
  private static final Pod CRASHED =
      pod(
          "containerStatuses: [{name: mosquitto, state: {terminated: {exitCode: 1, message: bad}}}]");

  private final MqttBroker broker = Samples.broker("defaults");
  private final BrokerSecrets secrets = secrets();
  private Verdict bridges = Verdict.yes(Reason.READY, "All bridges are connected.");
  private final RevisionSecrets files = files(60);

  @Test
  void aBrokerIsReadyWhenAllIsSeen() {
    var status = step(findings(VALID, PROVEN, set(1, "b")), RUNNING);
    assertThat(states(status))
        .containsExactly(
            "Accepted=True/Accepted",
            "CertificatesReady=True/Issued",
            "AccessEnforced=True/Enforced",
            "Ready=True/Ready");
    assertThat(status.observedGeneration()).isEqualTo(1);
    assertThat(status.replicas()).isEqualTo(1);
    assertThat(status.readyReplicas()).isEqualTo(1);
    assertThat(status.selector())
        .isEqualTo(
            "app.kubernetes.io/component=broker,app.kubernetes.io/instance=fleet,"
                + "app.kubernetes.io/managed-by=mqtt-operator,app.kubernetes.io/name=mosquitto");
    assertThat(status.endpoints())
        .containsExactly(new Endpoint("mqtts", "fleet.plant.svc.cluster.local", 8883, true, null));
    assertThat(status.pods()).containsExactly(new PodStatus("fleet-0", files.revision().hex()));
    var access = Objects.requireNonNull(status.access());
    assertThat(access.revision()).isEqualTo(files.revision().hex());
    var certificates = Objects.requireNonNull(status.certificates());
    assertThat(certificates)
        .extracting(certificate -> certificate.name())
        .containsExactly("authority", "server");
    assertThat(certificates.get(1).serial()).isEqualTo(secrets.server().pair().serialHex());
    assertThat(certificates.get(1).renewAt()).isEqualTo("2026-07-05T07:08:09Z");
  }

  @Test
  void aChangeThatRestartsPodsSaysHowFarItIs() {
    var status = step(findings(VALID, PROVEN, set(1, "a")), RUNNING);
    assertThat(states(status)).contains("AccessEnforced=True/Enforced", "Ready=False/Restarting");
    assertThat(Conditions.find(status.conditions(), Conditions.READY))
        .hasValueSatisfying(
            ready -> assertThat(ready.getMessage()).contains("one at a time: 0 of 1"));
  }

  @Test
  void podsThatAreNotAllThereAreStarting() {
    assertThat(states(step(findings(VALID, PROVEN, set(0, "b")), RUNNING)))
        .contains("AccessEnforced=True/Enforced", "Ready=False/Starting");
    assertThat(states(step(findings(VALID, PROVEN, Optional.empty()), RUNNING)))
        .contains("Ready=False/Starting");
  }

  @Test
  void aPodThatFailsSaysWhy() {
    assertThat(states(step(findings(VALID, PENDING, set(0, "b")), CRASHED)))
        .contains("Ready=False/BrokerFailed", "Reconciling=True/BrokerFailed");
  }

  @Test
  void whatIsNotProvenIsNotReady() {
    assertThat(states(step(findings(VALID, PENDING, set(1, "b")), RUNNING)))
        .contains("AccessEnforced=Unknown/Applying", "Ready=False/Applying");
    assertThat(states(step(findings(VALID, new Enforcement.NoRunningPod(), set(1, "b")), RUNNING)))
        .contains("AccessEnforced=Unknown/NoRunningPod");
  }

  @Test
  void aPodThatRestartsTakesBackNothingThatWasProven() {
    step(findings(VALID, PROVEN, set(1, "b")), RUNNING);
    var restarting = findings(VALID, new Enforcement.NoRunningPod(), set(0, "b"));
    assertThat(states(step(restarting, CRASHED)))
        .contains("AccessEnforced=True/Enforced", "Ready=False/BrokerFailed");
    var otherFiles = findings(VALID, new Enforcement.NoRunningPod(), set(0, "b"), files(61));
    assertThat(states(step(otherFiles, CRASHED)))
        .as("of another revision nothing was proven")
        .contains("AccessEnforced=Unknown/NoRunningPod");
  }

  @Test
  void anImageThatIsRefusedIsSaidWhileTheOldOneRuns() {
    var refused = Verdict.no(Reason.UNSUPPORTED_MOSQUITTO, "Image x cannot be used.");
    assertThat(states(step(findings(refused, PROVEN, set(1, "b")), RUNNING)))
        .containsExactly(
            "Accepted=False/UnsupportedMosquitto",
            "CertificatesReady=True/Issued",
            "AccessEnforced=True/Enforced",
            "Ready=False/UnsupportedMosquitto",
            "Stalled=True/UnsupportedMosquitto");
  }

  @Test
  void aRefusedBrokerKeepsWhatIsKnownOfIt() {
    var ready = step(findings(VALID, PROVEN, set(1, "b")), RUNNING);
    var refused =
        BrokerStatusComposer.refused(
            seen(List.of(RUNNING), List.of()),
            Verdict.no(Reason.INVALID, "Not like that."),
            new Enforcement.Pending(Reason.INVALID, "The broker is refused: Not like that."));
    var status = step(refused, RUNNING);
    assertThat(states(status))
        .containsExactly(
            "Accepted=False/Invalid",
            "CertificatesReady=Unknown/Invalid",
            "AccessEnforced=Unknown/Invalid",
            "Ready=False/Invalid",
            "Stalled=True/Invalid");
    assertThat(status.certificates()).isEqualTo(ready.certificates());
    assertThat(status.access()).isEqualTo(ready.access());
  }

  private MqttBrokerStatus step(BrokerFindings findings, Pod pod) {
    var status =
        BrokerStatusComposer.compose(
            broker, seen(List.of(pod), List.of()), findings, at(NOW.plus(Duration.ofHours(1))));
    broker.setStatus(status);
    return status;
  }

  private BrokerFindings findings(
      Verdict accepted, Enforcement enforcement, Optional<StatefulSet> set) {
    return findings(accepted, enforcement, set, files);
  }

  private BrokerFindings findings(
      Verdict accepted,
      Enforcement enforcement,
      Optional<StatefulSet> set,
      RevisionSecrets wanted) {
    return new BrokerFindings(
        Optional.of(Samples.defaults()),
        accepted,
        ISSUED,
        Optional.of(secrets),
        Optional.of(wanted),
        0,
        enforcement,
        bridges,
        enforcement instanceof Enforcement.Proven
            ? Map.of("fleet-0", wanted.revision().hex())
            : Map.of(),
        set);
  }

  private static Optional<StatefulSet> set(int ready, String current) {
    return Optional.of(
        Samples.YAML.unmarshal(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: fleet, generation: 3}
            spec: {replicas: 1}
            status:
              observedGeneration: 3
              replicas: 1
              readyReplicas: %d
              currentRevision: %s
              updateRevision: b
            """
                .formatted(ready, current),
            StatefulSet.class));
  }

  private RevisionSecrets files(int autosaveSeconds) {
    var configuration = Samples.defaults().configuration();
    try {
      return new AccessRenderer()
          .render(
              new BrokerConfiguration(
                  configuration.listeners(),
                  configuration.internal(),
                  autosaveSeconds,
                  configuration.options()),
              Starts.NONE,
              secrets,
              AccessPlan.of(List.of(), List.of(), Tenancy.none("plant")),
              1000,
              0);
    } catch (DoNotFit impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static BrokerSecrets secrets() {
    try {
      return SecretKeeperTest.keep(Samples.defaults(), Samples.nothing(), NOW);
    } catch (UnusableAuthority impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static List<String> states(MqttBrokerStatus status) {
    List<Condition> conditions = Objects.requireNonNull(status.conditions());
    return conditions.stream()
        .map(
            condition ->
                "%s=%s/%s"
                    .formatted(condition.getType(), condition.getStatus(), condition.getReason()))
        .toList();
  }
}
