package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.testing.KubernetesApi;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Users and ACLs of another namespace, with an operator that watches two, and so knows Namespaces
 * by their names alone.
 */
class TenantsTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private final Fleet fleet = Fleet.in(API);
  private final Fleet team = Fleet.in(API);
  private final String reference =
      "brokerRef: {name: fleet, namespace: %s}".formatted(fleet.namespace());

  @Test
  void aTenantsUserIsServedUntilTheTenantIsWithdrawn() {
    try (var operator = API.operatorOf(fleet.namespace(), team.namespace())) {
      broker("topics: ['teams/{namespace}/#']");
      team.apply("MqttUser", "meter", "{%s}".formatted(reference));
      acl("up", "teams/{namespace}/{username}");
      acl("wide", "teams/#");
      team.awaitUser("meter");
      team.awaitAcl("up");
      team.awaitCondition(MqttAcl.class, "wide", "Accepted=False:TopicOutsideTenancy");
      var name = team.namespace() + ".meter";
      assertThat(team.value("meter-mqtt", "username")).isEqualTo(name);
      assertThat(team.value("meter-mqtt", "host")).contains("." + fleet.namespace() + ".svc");
      assertThat(fleet.value("fleet-files-0", "acl-0"))
          .contains("user " + name + "\ntopic write teams/" + team.namespace() + "/" + name + "\n")
          .doesNotContain("teams/#");
      assertThat(fleet.find(Secret.class, "meter-mqtt")).isEmpty();

      var password = team.value("meter-mqtt", "password");
      team.delete(Secret.class, "meter-mqtt");
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(() -> assertThat(team.find(Secret.class, "meter-mqtt")).isPresent());
      assertThat(team.value("meter-mqtt", "password")).isNotEqualTo(password);

      fleet.broker("{}");
      team.awaitCondition(MqttUser.class, "meter", "Accepted=False:NamespaceNotAllowed");
      team.awaitCondition(MqttAcl.class, "up", "Accepted=False:NamespaceNotAllowed");
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(
              () -> assertThat(fleet.value("fleet-files-0", "password-0")).doesNotContain(name));
      assertThat(team.find(Secret.class, "meter-mqtt")).as("it may return").isPresent();
      team.delete(MqttUser.class, "meter");
      team.awaitGone(MqttUser.class, "meter");
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void aSteadyTenantIsWrittenNothing() {
    try (var operator = API.operatorOf(fleet.namespace(), team.namespace())) {
      broker("topics: ['#'], maxUsers: 1");
      team.apply("MqttUser", "one", "{%s}".formatted(reference));
      team.awaitUser("one");
      team.apply("MqttUser", "two", "{%s}".formatted(reference));
      team.awaitCondition(MqttUser.class, "two", "Accepted=False:QuotaExceeded");
      var before = operator.passes();
      var version = team.get(MqttUser.class, "two").getMetadata().getResourceVersion();
      for (var pass = 1; pass <= 3; pass++) {
        operator.wake(fleet.namespace(), Fleet.BROKER);
        var passes = before + pass;
        await().atMost(Duration.ofSeconds(15)).until(() -> operator.passes() >= passes);
      }
      assertThat(team.get(MqttUser.class, "two").getMetadata().getResourceVersion())
          .isEqualTo(version);
      team.delete(MqttUser.class, "one");
      team.awaitUser("two");
    }
  }

  /** Each reload has Mosquitto repeat them on its only thread, for each client. */
  @Test
  void aTenantsPasswordHasNoMoreIterationsThanTheBrokersOwnerSays() {
    try (var operator = API.operatorOf(fleet.namespace(), team.namespace())) {
      broker("topics: ['#']", "passwords: {iterations: 100}, ");
      team.secret("own", Map.of(Labels.CREDENTIALS, "true"), Map.of("password", "a password"));
      iterations("meter", 100);
      team.awaitUser("meter");
      iterations("newcomer", 101);
      team.awaitCondition(MqttUser.class, "newcomer", "Accepted=False:InvalidPassword");
      iterations("meter", 101);
      team.awaitCondition(MqttUser.class, "meter", "Accepted=False:InvalidPassword");
      assertThat(team.message(MqttUser.class, "meter", "Accepted"))
          .startsWith("spec.password.iterations: the password is to have 101 iterations, and in");
      assertThat(fleet.value("fleet-files-0", "password-0"))
          .as("its last good password, and nobody's of 101")
          .containsPattern("(?m)^%s.meter:\\$7\\$100\\$".formatted(team.namespace()))
          .doesNotContain("newcomer");
      // What is taken from all takes nobody's access away.
      broker("topics: ['#']", "passwords: {iterations: 50}, ");
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(
              () ->
                  assertThat(fleet.value("fleet-files-0", "password-0"))
                      .containsPattern("(?m)^%s.meter:\\$7\\$50\\$".formatted(team.namespace())));
      broker("topics: ['#']", "passwords: {iterations: 101}, ");
      team.awaitUser("newcomer");
      team.awaitCondition(MqttUser.class, "meter", "Accepted=True:Accepted");
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  private void iterations(String user, int iterations) {
    team.apply(
        "MqttUser",
        user,
        "{%s, password: {secretRef: {name: own}, iterations: %d}}"
            .formatted(reference, iterations));
  }

  private void broker(String tenant) {
    broker(tenant, "");
  }

  private void broker(String tenant, String more) {
    fleet.broker(
        ("{%saccess: {tenants: [{name: teams, namespaceSelector: {matchLabels: "
                + "{kubernetes.io/metadata.name: %s}}, %s}]}}")
            .formatted(more, team.namespace(), tenant));
  }

  private void acl(String name, String topic) {
    team.apply(
        "MqttAcl",
        name,
        "{%s, subjects: [{allUsers: true}], rules: [{topics: ['%s'], access: [Publish]}]}"
            .formatted(reference, topic));
  }
}
