package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.testing.KubernetesApi;
import java.time.Duration;
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

  private void broker(String tenant) {
    fleet.broker(
        ("{access: {tenants: [{name: teams, namespaceSelector: {matchLabels: "
                + "{kubernetes.io/metadata.name: %s}}, %s}]}}")
            .formatted(team.namespace(), tenant));
  }

  private void acl(String name, String topic) {
    team.apply(
        "MqttAcl",
        name,
        "{%s, subjects: [{allUsers: true}], rules: [{topics: ['%s'], access: [Publish]}]}"
            .formatted(reference, topic));
  }
}
