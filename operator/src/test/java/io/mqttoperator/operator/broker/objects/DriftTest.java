package io.mqttoperator.operator.broker.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriftTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private record Owned(Class<? extends HasMetadata> kind, String name) {}

  private static final List<Owned> OWNED =
      List.of(
          new Owned(Secret.class, "fleet-server"),
          new Owned(Secret.class, "fleet-operator"),
          new Owned(Secret.class, "fleet-internal"),
          new Owned(Secret.class, "fleet-files"),
          new Owned(Secret.class, "fleet-files-0"),
          new Owned(Secret.class, "anna-mqtt"),
          new Owned(ConfigMap.class, "fleet-trust"),
          new Owned(ConfigMap.class, "fleet-supervisor"),
          new Owned(Service.class, "fleet"),
          new Owned(Service.class, "fleet-pods"),
          new Owned(ServiceAccount.class, "fleet"),
          new Owned(StatefulSet.class, "fleet"),
          new Owned(NetworkPolicy.class, "fleet"),
          new Owned(PodDisruptionBudget.class, "fleet"));

  private final Fleet fleet = Fleet.in(API);
  private final RunningOperator operator = API.operator(fleet.namespace());

  @BeforeEach
  void settle() {
    fleet.broker("{nodeSelector: {disk: fast}, podLabels: {team: a}}");
    fleet.user("anna", "secret: {labels: {app: x}, annotations: {note: y}}");
    fleet.awaitAccepted();
    fleet.awaitUser("anna");
    await()
        .atMost(Fleet.BOUND)
        .until(
            () ->
                OWNED.stream()
                    .allMatch(owned -> fleet.find(owned.kind(), owned.name()).isPresent()));
  }

  @AfterEach
  void close() {
    operator.close();
  }

  private void patch(Class<? extends HasMetadata> kind, String name, String merge) {
    API.client()
        .resources(kind)
        .inNamespace(fleet.namespace())
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), merge);
  }

  private <T extends HasMetadata> void eventually(
      Class<T> kind, String name, ThrowingConsumer<T> assertion) {
    await(kind.getSimpleName() + " " + name)
        .atMost(Fleet.BOUND)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertion.accept(fleet.get(kind, name)));
  }

  @Test
  void whatIsDeletedComesBack() {
    var authority = fleet.value("fleet-ca", "tls.key");
    for (var owned : OWNED) {
      var uid = fleet.get(owned.kind(), owned.name()).getMetadata().getUid();
      fleet.delete(owned.kind(), owned.name());
      eventually(
          owned.kind(),
          owned.name(),
          back -> assertThat(back.getMetadata().getUid()).isNotEqualTo(uid));
    }
    assertThat(fleet.value("fleet-ca", "tls.key")).isEqualTo(authority);
  }

  @Test
  void whatSomebodyElseChangesComesBackAndWhatTheyAddStays() {
    var mine = "{\"metadata\":{\"labels\":{\"mine\":\"1\"},\"annotations\":{\"mine\":\"2\"}}}";
    OWNED.forEach(owned -> patch(owned.kind(), owned.name(), mine));
    patch(
        Secret.class, "fleet-files", "{\"data\":{\"mosquitto.conf\":\"eA==\",\"more\":\"eA==\"}}");
    patch(Secret.class, "anna-mqtt", "{\"data\":{\"host\":\"eA==\"}}");
    patch(ConfigMap.class, "fleet-trust", "{\"data\":{\"ca.crt\":\"x\"}}");
    patch(
        Service.class, "fleet", "{\"spec\":{\"selector\":{\"app.kubernetes.io/instance\":\"x\"}}}");
    patch(ServiceAccount.class, "fleet", "{\"automountServiceAccountToken\":true}");
    patch(NetworkPolicy.class, "fleet", "{\"spec\":{\"ingress\":[{}]}}");
    patch(PodDisruptionBudget.class, "fleet", "{\"spec\":{\"maxUnavailable\":3}}");
    patch(StatefulSet.class, "fleet", "{\"spec\":{\"replicas\":3}}");
    patch(
        StatefulSet.class,
        "fleet",
        "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/restartedAt\":\"now\"}}}}}");
    eventually(
        Secret.class,
        "fleet-files",
        files -> {
          assertThat(Fleet.value(files, "mosquitto.conf")).contains("listener 8883");
          assertThat(files.getData()).doesNotContainKey("more");
        });
    eventually(
        Secret.class,
        "anna-mqtt",
        secret -> assertThat(Fleet.value(secret, "host")).startsWith("fleet."));
    eventually(
        ConfigMap.class,
        "fleet-trust",
        trust -> assertThat(trust.getData().get("ca.crt")).contains("BEGIN CERTIFICATE"));
    eventually(
        Service.class,
        "fleet",
        service ->
            assertThat(service.getSpec().getSelector())
                .containsEntry("app.kubernetes.io/instance", "fleet"));
    eventually(
        ServiceAccount.class,
        "fleet",
        account -> assertThat(account.getAutomountServiceAccountToken()).isFalse());
    eventually(
        NetworkPolicy.class,
        "fleet",
        policy ->
            assertThat(policy.getSpec().getIngress())
                .noneMatch(rule -> rule.getPorts() == null || rule.getPorts().isEmpty()));
    eventually(
        PodDisruptionBudget.class,
        "fleet",
        budget -> assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1));
    eventually(
        StatefulSet.class,
        "fleet",
        set -> {
          assertThat(set.getSpec().getReplicas()).isEqualTo(1);
          assertThat(set.getSpec().getTemplate().getMetadata().getAnnotations())
              .containsEntry("kubectl.kubernetes.io/restartedAt", "now");
        });
    // Another change of ours, that rewrites labels, leaves theirs as well.
    fleet.user("anna", "secret: {labels: {app: z}}");
    eventually(
        Secret.class,
        "anna-mqtt",
        secret -> assertThat(secret.getMetadata().getLabels()).containsEntry("app", "z"));
    assertThat(fleet.get(Secret.class, "anna-mqtt").getMetadata().getAnnotations())
        .doesNotContainKey("note");
    for (var owned : OWNED) {
      var metadata = fleet.get(owned.kind(), owned.name()).getMetadata();
      assertThat(metadata.getLabels()).as("%s", owned).containsEntry("mine", "1");
      assertThat(metadata.getAnnotations()).as("%s", owned).containsEntry("mine", "2");
    }
    assertNoLoop();
  }

  /** Each of these opens what is closed, and one takes nothing away. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"podSelector\":{\"matchLabels\":{\"other\":\"x\"}}}",
        "{\"ingress\":[{\"ports\":[{\"port\":8883}]},{\"from\":[{\"podSelector\":{}}],\"ports\":[{\"port\":8884}]}]}",
        "{\"ingress\":[{\"from\":[{\"podSelector\":{}}],\"ports\":[{\"port\":8883}]}]}",
        "{\"egress\":[{}]}",
        "{\"policyTypes\":[\"Ingress\"]}"
      })
  void anEditOfTheNetworkPolicyIsUndone(String spec) {
    var before = fleet.get(NetworkPolicy.class, "fleet").getSpec();
    patch(NetworkPolicy.class, "fleet", "{\"spec\":" + spec + "}");
    eventually(
        NetworkPolicy.class, "fleet", after -> assertThat(after.getSpec()).isEqualTo(before));
    assertNoLoop();
  }

  /** The pass that has undone an edit may still write a status; a loop writes on and on. */
  private void assertNoLoop() {
    var before = new AtomicInteger();
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              var now = operator.requests().writes().size();
              return before.getAndSet(now) == now;
            });
  }

  @Test
  void whatIsNoLongerWantedGoes() {
    fleet.broker("{tolerations: [{key: k, operator: Exists}]}");
    fleet.user("anna", "secret: {labels: {other: x}}");
    eventually(
        StatefulSet.class,
        "fleet",
        set -> {
          assertThat(set.getSpec().getTemplate().getSpec().getTolerations()).hasSize(1);
          assertThat(set.getSpec().getTemplate().getSpec().getNodeSelector()).isNullOrEmpty();
          assertThat(set.getSpec().getTemplate().getMetadata().getLabels())
              .doesNotContainKey("team");
        });
    eventually(
        Secret.class,
        "anna-mqtt",
        secret -> {
          assertThat(secret.getMetadata().getLabels())
              .containsEntry("other", "x")
              .doesNotContainKey("app");
          assertThat(secret.getMetadata().getAnnotations()).doesNotContainKey("note");
        });
    fleet.broker("{}");
    eventually(
        StatefulSet.class,
        "fleet",
        set -> assertThat(set.getSpec().getTemplate().getSpec().getTolerations()).isNullOrEmpty());
    assertNoLoop();
  }

  @Test
  void anObjectThatLostOurLabelsGetsThemBackAndStaysOurs() {
    patch(
        StatefulSet.class,
        "fleet",
        "{\"metadata\":{\"labels\":{\"app.kubernetes.io/managed-by\":null}}}");
    eventually(
        StatefulSet.class,
        "fleet",
        set ->
            assertThat(set.getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/managed-by", "mqtt-operator"));
    fleet.broker("{}");
    eventually(
        StatefulSet.class,
        "fleet",
        set -> assertThat(set.getSpec().getTemplate().getSpec().getNodeSelector()).isNullOrEmpty());
    operator.close();
    try (var restarted = API.operator(fleet.namespace())) {
      fleet.broker("{podLabels: {team: b}}");
      eventually(StatefulSet.class, "fleet", set -> assertThat(labels(set)).containsKey("team"));
      fleet.broker("{}");
      eventually(
          StatefulSet.class, "fleet", set -> assertThat(labels(set)).doesNotContainKey("team"));
      assertThat(restarted.requests().isCut()).isFalse();
    }
  }

  private static Map<String, String> labels(StatefulSet set) {
    return set.getSpec().getTemplate().getMetadata().getLabels();
  }
}
