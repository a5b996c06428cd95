package io.mqttoperator.operator.access;

import static io.mqttoperator.operator.access.Samples.acl;
import static io.mqttoperator.operator.access.Samples.allUsers;
import static io.mqttoperator.operator.access.Samples.allow;
import static io.mqttoperator.operator.access.Samples.anonymous;
import static io.mqttoperator.operator.access.Samples.deny;
import static io.mqttoperator.operator.access.Samples.rule;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.mqttoperator.api.Access;
import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.Effect;
import io.mqttoperator.api.MqttAclSpec;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AclRulesTest {

  private static final Rule RULE = allow("a/#", Access.SUBSCRIBE);

  @Test
  void acceptsWhatCanBeWritten() {
    var acl =
        acl(
            "rules",
            allUsers(),
            allow("devices/{username}/+", Access.PUBLISH, Access.SUBSCRIBE),
            allow("$SYS/#", Access.SUBSCRIBE),
            deny("$SYS/broker/clients/#"),
            rule("{namespace}", List.of(Access.PUBLISH), Effect.ALLOW));
    assertThat(AclRules.check(acl, Tenancy.none("plant")))
        .isEqualTo(Verdict.yes(Reason.ACCEPTED, "The ACL is valid."));
  }

  @Test
  void refusesABrokerInAnotherNamespaceBeforeAllElse() {
    var acl = acl("rules", List.of());
    acl.setSpec(
        new MqttAclSpec(
            new BrokerRef("fleet", "other"), List.of(), List.of(rule("#a", null, null))));
    assertThat(AclRules.check(acl, Tenancy.none("other")).reason())
        .isEqualTo(Reason.NAMESPACE_NOT_ALLOWED);
  }

  @Test
  void asksForOneKindInEachSubject() {
    var none = new Subject(null, null, null, null);
    var two = new Subject("alice", null, true, null);
    var notSet = new Subject(null, null, false, null);
    for (var subject : List.of(none, two, notSet)) {
      var acl = acl("rules", List.of(new Subject("bob", null, null, null), subject), RULE);
      assertThat(AclRules.check(acl, Tenancy.none("plant")))
          .isEqualTo(
              Verdict.no(
                  Reason.INVALID,
                  "spec.subjects[1]: set exactly one of user, userSelector, allUsers, anonymous."));
    }
  }

  @Test
  void refusesASelectorWithAnOperatorOfANewerSchema() {
    var selector =
        new LabelSelector(
            List.of(new LabelSelectorRequirement("line", "Like", List.of("a"))), null);
    var acl = acl("rules", List.of(new Subject(null, selector, null, null)), deny("secret/#"));
    assertThat(AclRules.check(acl, Tenancy.none("plant")))
        .isEqualTo(
            Verdict.no(
                Reason.INVALID,
                "spec.subjects[0]: this version of the operator does not know this userSelector."));
  }

  @Test
  void refusesValuesOfANewerSchema() {
    for (var rule :
        List.of(
            rule("a", null, Effect.UNKNOWN),
            rule("a", List.of(Access.PUBLISH, Access.UNKNOWN), null))) {
      assertThat(problem(RULE, rule))
          .isEqualTo(
              "spec.rules[1]: this version of the operator does not know this effect or access.");
    }
  }

  @Test
  void asksForAccessWhereSomethingIsAllowed() {
    for (var rule : List.of(rule("a", null, null), rule("a", List.of(), Effect.ALLOW))) {
      assertThat(problem(rule))
          .isEqualTo("spec.rules[0]: access is required where the effect is Allow.");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " a",
        "a ",
        "a#",
        "a/#/b",
        "a+/b",
        "$share/g/a",
        "$mqtt-operator/#",
        "a\nb",
        "x{username}",
        "{namespace}x/a",
        "a\u0000"
      })
  void refusesTopicsThatMosquittoWouldReadOtherwise(String topic) {
    assertThat(problem(allow(topic, Access.SUBSCRIBE)))
        .startsWith("spec.rules[0]: topic \"" + topic + "\": The topic filter ")
        .endsWith(".");
  }

  @Test
  void letsNobodyPublishBelowSys() {
    assertThat(problem(allow("$SYS/x", Access.PUBLISH, Access.SUBSCRIBE)))
        .isEqualTo("spec.rules[0]: topic \"$SYS/x\": topics under $SYS can only be subscribed to.");
  }

  @Test
  void hasNoUsernameForAnonymousClients() {
    var acl = acl("rules", anonymous(), allow("a/{username}", Access.SUBSCRIBE));
    assertThat(AclRules.check(acl, Tenancy.none("plant")).message())
        .isEqualTo(
            "spec.rules[0]: topic \"a/{username}\": an anonymous client has no username; write a"
                + " rule of its own for it.");
  }

  private static String problem(Rule... rules) {
    var verdict = AclRules.check(acl("rules", allUsers(), rules), Tenancy.none("plant"));
    assertThat(verdict.isFalse()).isTrue();
    assertThat(verdict.reason()).isEqualTo(Reason.INVALID);
    return verdict.message();
  }
}
