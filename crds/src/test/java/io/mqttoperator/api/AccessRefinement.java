package io.mqttoperator.api;

import static io.mqttoperator.api.CommonRefinement.age;
import static io.mqttoperator.api.CommonRefinement.column;
import static io.mqttoperator.api.CommonRefinement.message;
import static io.mqttoperator.api.CommonRefinement.ready;
import static io.mqttoperator.api.CommonRefinement.reason;
import static io.mqttoperator.api.CommonRefinement.wide;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.util.List;

/** What the annotations do not say of MqttUser and MqttAcl. */
final class AccessRefinement {
  private AccessRefinement() {}

  static void applyToUser(CustomResourceDefinition definition, SchemaNode root) {
    CommonRefinement.apply(
        definition, root, "One who may connect to a broker, with a credential of their own.");
    CommonRefinement.name(root);
    root.required("spec")
        .rule(
            "size(self.metadata.name) <= 63",
            "name the user with at most 63 characters",
            ".metadata.name");
    root.at("spec").describe("What is asked for the user.");
    CommonRefinement.columns(
        definition,
        List.of(
            ready(),
            column("Broker", "string", ".spec.brokerRef.name"),
            column("Username", "string", ".status.username"),
            column("Secret", "string", ".status.binding.name"),
            age(),
            wide("Certificate expiry", "string", ".status.certificate.notAfter"),
            reason(),
            message()));
  }

  static void applyToAcl(CustomResourceDefinition definition, SchemaNode root) {
    CommonRefinement.apply(
        definition, root, "Who may publish and subscribe to which topics of a broker.");
    root.required("spec");
    var spec = root.at("spec").describe("The rules, and whom they are for.");
    spec.at("subjects").atomic();
    CommonRefinement.labelSelector(spec.at("subjects[].userSelector"), 32);
    spec.at("rules").atomic();
    spec.at("rules[].access").set();
    spec.at("rules[].topics").set();
    spec.at("rules[].topics[]")
        .rule(RuleRules.WHOLE_LEVEL_WILDCARDS, RuleRules.WHOLE_LEVEL_WILDCARDS_MESSAGE)
        .rule(RuleRules.WHOLE_LEVEL_PLACEHOLDERS, RuleRules.WHOLE_LEVEL_PLACEHOLDERS_MESSAGE)
        .rule(RuleRules.NO_OUTER_SPACE, RuleRules.NO_OUTER_SPACE_MESSAGE)
        .rule(RuleRules.NO_CONTROL_CHARACTERS, RuleRules.NO_CONTROL_CHARACTERS_MESSAGE)
        .rule(RuleRules.ONLY_SYS, RuleRules.ONLY_SYS_MESSAGE);
    CommonRefinement.columns(
        definition,
        List.of(
            ready(),
            column("Broker", "string", ".spec.brokerRef.name"),
            column("Users matched", "integer", ".status.matchedUsers"),
            age(),
            reason(),
            message()));
  }
}
