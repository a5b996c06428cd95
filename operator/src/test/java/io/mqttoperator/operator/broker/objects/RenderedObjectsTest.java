package io.mqttoperator.operator.broker.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.mosquitto.Requirements;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An operator upgrade that changes nothing a pod needs restarts no pod: what is rendered is pinned,
 * byte for byte. Where a change is meant, {@code -Dgolden.rewrite=true} writes it, and the review
 * of the difference tells whether pods restart (all below {@code spec.template} of the StatefulSet
 * does that).
 */
class RenderedObjectsTest {

  private static final ObjectMapper SORTED =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  @ParameterizedTest
  @ValueSource(strings = {"defaults", "everything", "star", "exposed"})
  void areWhatTheyWereBefore(String scenario) throws IOException {
    var file = Samples.GOLDEN.resolve(scenario).resolve("out.yaml");
    var rendered = yaml(render(Samples.profile(Samples.broker(scenario))));
    if (Boolean.getBoolean("golden.rewrite")) {
      Files.writeString(file, rendered);
    }
    assertThat(rendered).isEqualTo(Files.readString(file));
  }

  /** What changes by reload, or counts from the next start on. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "listeners: [{name: mqtts, port: 8883, maxConnections: 7}]",
        "listeners: [{name: mqtts, port: 8883, service: {port: 443}}]",
        "listeners: [{name: mqtts, port: 8883, service: {type: NodePort, nodePort: 30883}}]",
        "listeners: [{name: mqtts, port: 8883, service: {type: LoadBalancer, port: 443}}]",
        "listeners: [{name: mqtts, port: 8883, allowedPeers: [{podSelector: {}}]}]",
        "certificates: {server: {generation: 9, validity: 90h, additionalNames: [a.example]}}",
        "certificates: {authority: {keyAlgorithm: Rsa4096, retain: false}}",
        "passwords: {iterations: 10000}",
        "storage: {autosaveInterval: 1s}",
        "storage: {retain: false}",
        "limits: {maxTopicAliases: 0, maxQos: 1, sessionExpiry: 1h}",
        "messages: {retain: true, queueQos0: true}",
        "logging: {types: [all], connections: false}",
        "paused: true"
      })
  void doNotRestartAPodFor(String spec) {
    var before = workload(Samples.defaults()).statefulSet(0);
    var existing = Optional.of(before);
    var profile = Samples.profileWith(spec);
    var resources = PodResources.of(profile, needs(profile), existing);
    var after = new WorkloadBlueprint(profile, resources).statefulSet(0);
    assertThat(yaml(List.of(after)).lines().filter(line -> !line.contains("whenDeleted")))
        .isEqualTo(
            yaml(List.of(before)).lines().filter(line -> !line.contains("whenDeleted")).toList());
  }

  /** The supervisor starts Mosquitto anew, where a reload does not do. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "listeners: [{name: other, port: 8883}]",
        "listeners: [{name: mqtts, port: 8885}]",
        "listeners: [{name: mqtts, port: 8883}, {name: more, port: 8885}]",
        "listeners: [{name: mqtts, port: 8883, clientId: Any}]",
        "listeners: [{name: mqtts, port: 8883, authentication: Anonymous}]",
        "listeners: [{name: mqtts, port: 8883, tls: {enabled: false}}]",
        "listeners: [{name: mqtts, port: 8883, tls: {minVersion: '1.3'}}]",
        "listeners: [{name: mqtts, port: 8883, tls: {enabled: false}, proxyProtocol: V1}]",
        "listeners: [{name: mqtts, port: 8883, transport: Websockets}]",
        "limits: {maxPacketSize: 1000}",
        "limits: {maxInflightMessages: 1}",
        "limits: {maxInflightBytes: 1}",
        "limits: {maxQueuedMessages: 1}",
        "limits: {maxQueuedBytes: 1}",
        "limits: {maxKeepAlive: 60}",
        "limits: {memory: 64Mi}",
        "messages: {retain: false}"
      })
  void startMosquittoAnewInThePodFor(String spec) {
    doNotRestartAPodFor(spec);
    assertThat(Samples.profileWith(spec).configuration().startDigest())
        .isNotEqualTo(Samples.defaults().configuration().startDigest());
  }

  @ParameterizedTest
  @ValueSource(strings = {"image: other:2.1.2", "podLabels: {a: b}", "replicas: 2"})
  void restartAPodFor(String spec) {
    var before = workload(Samples.defaults()).statefulSet(0).getSpec().getTemplate();
    var after = workload(Samples.profileWith(spec)).statefulSet(0).getSpec().getTemplate();
    assertThat(after).isNotEqualTo(before);
  }

  @Test
  void theTrialPodHoldsNothingThatIsWorthStealing() {
    var pod = ImageTrialBlueprint.of(Samples.profile(Samples.broker("everything")));
    assertThat(pod.getSpec().getVolumes()).isEmpty();
    assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getMetadata().getLabels())
        .as("no Service and no NetworkPolicy of the broker selects it")
        .containsEntry("app.kubernetes.io/component", "image-trial");
    var container = pod.getSpec().getContainers().getFirst();
    assertThat(container.getEnv()).isEmpty();
    assertThat(container.getSecurityContext())
        .isEqualTo(
            workload(Samples.defaults())
                .statefulSet(0)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getSecurityContext());
  }

  private static List<HasMetadata> render(BrokerProfile profile) {
    var workload = workload(profile);
    var network = new NetworkBlueprint(profile, profile.replicas() > 1, "mqtt-operator");
    var supervisor = new SecretBlueprint(profile).supervisor();
    supervisor.getData().replaceAll((file, script) -> "(the script)");
    var objects = new ArrayList<HasMetadata>();
    objects.add(workload.serviceAccount());
    objects.add(supervisor);
    var services = new ServiceBlueprint(profile);
    objects.add(services.podsService());
    objects.add(services.service());
    profile.listeners().stream()
        .filter(ListenerProfile::isExposed)
        .map(services::exposed)
        .forEach(objects::add);
    objects.add(network.networkPolicy());
    objects.add(workload.disruptionBudget());
    objects.add(workload.statefulSet(0));
    return objects;
  }

  private static WorkloadBlueprint workload(BrokerProfile profile) {
    return new WorkloadBlueprint(
        profile, PodResources.of(profile, needs(profile), Optional.empty()));
  }

  private static Requirements needs(BrokerProfile profile) {
    return Requirements.of(profile.configuration(), 0);
  }

  private static String yaml(List<? extends HasMetadata> objects) {
    var documents = new StringBuilder();
    for (var object : objects) {
      var tree = SORTED.convertValue(SORTED.valueToTree(object), Map.class);
      documents.append(Samples.YAML.asYaml(tree));
    }
    return documents.toString();
  }
}
