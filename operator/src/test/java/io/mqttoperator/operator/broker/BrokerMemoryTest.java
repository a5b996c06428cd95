package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttAclSpec;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserObservation.WrittenPassword;
import io.mqttoperator.operator.broker.clients.CredentialRules;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BrokerMemoryTest {

  private static final BrokerRef FLEET = new BrokerRef("fleet", null);

  private final BrokerMemory memory = new BrokerMemory("uid-of-fleet");

  @Test
  void whatWasProvenAndIsTheSameIsNotSaidAnew() {
    memory.proven(plan(Map.of("team", "a")));
    for (var isNew : List.of(true, false)) {
      var changes = memory.access.changes(plan(Map.of("team", "a")), isNew);
      assertThat(changes.users()).isEmpty();
      assertThat(changes.acls()).isEmpty();
      assertThat(changes.unproven()).isEmpty();
    }
  }

  @Test
  void aLabelThatMovesAUserOutOfAnAclMakesBothUnproven() {
    memory.proven(plan(Map.of("team", "a")));
    var changes = memory.access.changes(plan(Map.of("team", "b")), true);
    assertThat(changes.users()).extracting(user -> user.seen().uid()).containsExactly("uid-anna");
    assertThat(changes.acls()).extracting(acl -> acl.uid()).containsExactly("uid-team-a");
    assertThat(changes.unproven()).containsExactlyInAnyOrder("uid-anna", "uid-team-a");
  }

  @Test
  void aNewOperatorBelievesTheStoredRevisionAndNoOther() {
    assertThat(memory.access.changes(plan(Map.of()), false).unproven()).isEmpty();
    assertThat(memory.access.changes(plan(Map.of()), true).unproven())
        .containsExactlyInAnyOrder("uid-anna", "uid-team-a");
  }

  private static AccessPlan plan(Map<String, String> labels) {
    var user = new MqttUser();
    user.getMetadata().setNamespace("plant");
    user.getMetadata().setName("anna");
    user.getMetadata().setUid("uid-anna");
    user.getMetadata().setLabels(labels);
    user.setSpec(new MqttUserSpec(FLEET, null, null, null, null));
    var password = new SecretBytes("x".repeat(43).getBytes(StandardCharsets.US_ASCII));
    var seen =
        new UserObservation(
            user,
            user,
            new Standing.Member(),
            Optional.empty(),
            Optional.of(new WrittenPassword(password, 1)));
    var acl = new MqttAcl();
    acl.getMetadata().setNamespace("plant");
    acl.getMetadata().setName("team-a");
    acl.getMetadata().setUid("uid-team-a");
    var teamA =
        new io.fabric8.kubernetes.api.model.LabelSelectorBuilder()
            .addToMatchLabels("team", "a")
            .build();
    acl.setSpec(
        new MqttAclSpec(
            FLEET,
            List.of(new Subject(null, teamA, null, null)),
            List.of(new Rule(List.of("a/#"), List.of(io.mqttoperator.api.Access.PUBLISH), null))));
    List<UserDecision> users =
        List.of(CredentialRules.decide(seen, Samples.PASSWORDS, StoredHashes.NONE));
    return AccessPlan.of(users, List.of(acl), Tenancy.none("plant"));
  }
}
