package io.mqttoperator.operator.access;

import static io.mqttoperator.operator.access.Samples.acl;
import static io.mqttoperator.operator.access.Samples.allUsers;
import static io.mqttoperator.operator.access.Samples.allow;
import static io.mqttoperator.operator.access.Samples.anonymous;
import static io.mqttoperator.operator.access.Samples.beingDeleted;
import static io.mqttoperator.operator.access.Samples.decided;
import static io.mqttoperator.operator.access.Samples.deny;
import static io.mqttoperator.operator.access.Samples.disabled;
import static io.mqttoperator.operator.access.Samples.labelled;
import static io.mqttoperator.operator.access.Samples.named;
import static io.mqttoperator.operator.access.Samples.seen;
import static io.mqttoperator.operator.access.Samples.user;
import static io.mqttoperator.operator.access.Samples.withOwnPassword;
import static io.mqttoperator.operator.access.Samples.withUsername;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.mqttoperator.api.Access;
import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.Subject;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.mosquitto.AclEntry;
import io.mqttoperator.operator.mosquitto.Right;
import io.mqttoperator.operator.mosquitto.TopicFilter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessPlanTest {

  @Test
  void anAclIsForTheUserItNames() {
    var plan = plan(List.of(decided(user("alice")), decided(user("bob"))), namesAlice());
    assertThat(plan.entries()).containsOnlyKeys("uid-of-alice");
    assertThat(entries(plan, "alice")).containsExactly(entry(Right.READ, "a"));
    assertThat(plan.acls().getFirst().matchedUsers()).isEqualTo(1);
    assertThat(plan.anonymous()).isEmpty();
  }

  @Test
  void aUserThatDoesNotExistYetIsNoError() {
    var plan = plan(List.of(decided(user("bob"))), namesAlice());
    assertThat(plan.acls().getFirst().accepted().isTrue()).isTrue();
    assertThat(plan.acls().getFirst().matchedUsers()).isZero();
    assertThat(plan.entries()).isEmpty();
  }

  @Test
  void aSelectorMeansTheLabelsOfUsers() {
    var selector = new LabelSelectorBuilder().addToMatchLabels("line", "one").build();
    var plan =
        plan(
            List.of(
                decided(labelled("alice", Map.of("line", "one", "site", "north"))),
                decided(labelled("bob", Map.of("line", "two"))),
                decided(user("carol"))),
            acl(
                "rules",
                List.of(new Subject(null, selector, null, null)),
                allow("a", Access.SUBSCRIBE)));
    assertThat(plan.entries()).containsOnlyKeys("uid-of-alice");
  }

  @Test
  void allUsersAreWrittenOutAndAnonymousClientsAreNotAmongThem() {
    var plan =
        plan(
            List.of(decided(user("alice")), decided(user("bob"))),
            acl("rules", allUsers(), allow("a", Access.PUBLISH)));
    assertThat(plan.entries()).containsOnlyKeys("uid-of-alice", "uid-of-bob");
    assertThat(plan.anonymous()).isEmpty();
  }

  @Test
  void anonymousClientsGetWhatIsGrantedToThemAlone() {
    var plan =
        plan(
            List.of(decided(user("alice"))),
            acl("rules", anonymous(), allow("{namespace}/a", Access.PUBLISH, Access.SUBSCRIBE)));
    assertThat(plan.anonymous()).containsExactly(entry(Right.READWRITE, "plant/a"));
    assertThat(plan.entries()).isEmpty();
  }

  @Test
  void placeholdersStandForEachUsersOwnNames() {
    var plan =
        plan(
            List.of(decided(withUsername("alice", "Alice@x")), decided(user("bob"))),
            acl("rules", allUsers(), allow("{namespace}/{username}/#", Access.PUBLISH)));
    assertThat(entries(plan, "alice")).containsExactly(entry(Right.WRITE, "plant/Alice@x/#"));
    assertThat(entries(plan, "bob")).containsExactly(entry(Right.WRITE, "plant/bob/#"));
  }

  @Test
  void aUserHasTheRulesOfAllAclsAndADenyWins() {
    var plan =
        plan(
            List.of(decided(user("alice"))),
            acl("one", allUsers(), allow("a/#", Access.SUBSCRIBE), deny("b")),
            acl("two", named("alice"), allow("b", Access.PUBLISH), allow("a/#", Access.PUBLISH)));
    assertThat(AclEntry.merged(entries(plan, "alice")))
        .containsExactly(entry(Right.DENY, "b"), entry(Right.READWRITE, "a/#"));
    assertThat(plan.rules()).isEqualTo(4);
  }

  @Test
  void aUserThatTwoSubjectsMatchIsCountedOnce() {
    var subjects =
        List.of(new Subject("alice", null, null, null), new Subject(null, null, true, null));
    var plan =
        plan(List.of(decided(user("alice"))), acl("r", subjects, allow("a", Access.PUBLISH)));
    assertThat(plan.acls().getFirst().matchedUsers()).isEqualTo(1);
    assertThat(entries(plan, "alice")).hasSize(1);
  }

  @Test
  void usersThatMayNotLogInGetNothing() {
    var refused = decided(seen(withOwnPassword("no-secret"), new OwnPassword.Absent()));
    var plan =
        plan(
            List.of(decided(disabled("off")), decided(beingDeleted(user("leaving"))), refused),
            acl("rules", allUsers(), allow("a", Access.PUBLISH)));
    assertThat(plan.entries()).isEmpty();
    assertThat(plan.acls().getFirst().matchedUsers()).as("the disabled one").isEqualTo(1);
  }

  @Test
  void theLastGoodPasswordKeepsItsRules() {
    var invalid = new OwnPassword.Found(Samples.secret("no\n"), "7");
    var plan = plan(List.of(decided(seen(withOwnPassword("alice"), invalid))), namesAlice());
    assertThat(plan.entries()).containsOnlyKeys("uid-of-alice");
  }

  @Test
  void anAclThatIsRefusedOrBeingDeletedGrantsNothing() {
    var leaving = namesAlice();
    leaving.getMetadata().setDeletionTimestamp("2026-05-06T07:00:00Z");
    var refused =
        acl("bad", anonymous(), allow("a", Access.SUBSCRIBE), allow("b#", Access.PUBLISH));
    var plan = plan(List.of(decided(user("alice"))), leaving, refused);
    assertThat(plan.entries()).isEmpty();
    assertThat(plan.anonymous()).isEmpty();
    assertThat(plan.rules()).isZero();
    assertThat(plan.acls())
        .extracting(acl -> acl.accepted().reason())
        .containsExactlyInAnyOrder(Reason.ACCEPTED, Reason.INVALID);
  }

  /** Anybody who may create a user somewhere can let it refer to this broker. */
  @Test
  void aUserOfAnotherNamespaceTakesNoRulesFromOneOfTheSameName() {
    var foreign =
        user("alice", new MqttUserSpec(new BrokerRef("fleet", "plant"), null, null, null, null));
    foreign.getMetadata().setNamespace("elsewhere");
    foreign.getMetadata().setUid("uid-of-a-stranger");
    for (var users :
        List.of(
            List.of(decided(user("alice")), decided(foreign)),
            List.of(decided(foreign), decided(user("alice"))))) {
      assertThat(plan(users, namesAlice()).entries()).containsOnlyKeys("uid-of-alice");
    }
  }

  private static MqttAcl namesAlice() {
    return acl("rules", named("alice"), allow("a", Access.SUBSCRIBE));
  }

  private static AccessPlan plan(List<UserDecision> users, MqttAcl... acls) {
    return AccessPlan.of(users, List.of(acls), Tenancy.none(Samples.NAMESPACE));
  }

  private static List<AclEntry> entries(AccessPlan plan, String user) {
    return plan.entries().getOrDefault("uid-of-" + user, List.of());
  }

  private static AclEntry entry(Right right, String filter) {
    return new AclEntry(right, new TopicFilter(filter));
  }
}
