package io.mqttoperator.cli.check;

import io.mqttoperator.operator.kube.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a finding's rule is about, as a sentence; docs/conditions.md has more of the reasons. */
final class RuleDescription {

  private static final Map<Reason, String> REASONS =
      Map.ofEntries(
          Map.entry(Reason.INVALID, "A value cannot be used by the operator."),
          Map.entry(Reason.BROKER_NOT_FOUND, "brokerRef names an MqttBroker that is not there."),
          Map.entry(
              Reason.NAMESPACE_NOT_ALLOWED,
              "No broker in the namespace that brokerRef names takes users and ACLs from here."),
          Map.entry(
              Reason.TOPIC_OUTSIDE_TENANCY,
              "A rule allows more than the broker lets this namespace allow."),
          Map.entry(
              Reason.QUOTA_EXCEEDED,
              "The namespace has more users or rules than the broker lets it have."),
          Map.entry(Reason.USERNAME_CONFLICT, "An older MqttUser of the broker has this username."),
          Map.entry(
              Reason.USERNAME_TOO_LONG,
              "A username is longer than what the user logs in with can hold."),
          Map.entry(
              Reason.NO_LISTENER, "No listener of the broker takes what the user logs in with."),
          Map.entry(Reason.TOO_LARGE, "It does not fit into what the broker or its files hold."),
          Map.entry(Reason.SECRET_NOT_FOUND, "A Secret that is referred to is not there."),
          Map.entry(
              Reason.SECRET_NOT_LABELLED,
              "A Secret that is referred to lacks the label by which its owner offers it."),
          Map.entry(Reason.SECRET_KEY_MISSING, "A Secret that is referred to lacks a key."),
          Map.entry(Reason.INVALID_PASSWORD, "The bytes in a Secret cannot be a password."),
          Map.entry(
              Reason.INVALID_PRE_SHARED_KEY, "The bytes in a Secret are no pre-shared key in hex."),
          Map.entry(
              Reason.INVALID_CERTIFICATE,
              "A certificate, a key or a signing request cannot be used."),
          Map.entry(Reason.NAME_TAKEN, "An object of that name belongs to somebody else."));

  private static final Map<String, String> OWN =
      Map.of(
          "Unreadable",
          "The file is not YAML, or a document in it is no resource.",
          SchemaCheck.RULE,
          "The API server would refuse the resource for its form.",
          "Duplicate",
          "A resource stands twice in the files.",
          "UnknownUser",
          "An ACL names an MqttUser that is not there.",
          "Unsafe",
          "It is allowed, and not safe.");

  private static final Map<String, String> ALL =
      Stream.concat(
              OWN.entrySet().stream(),
              REASONS.entrySet().stream()
                  .map(entry -> Map.entry(entry.getKey().text(), entry.getValue())))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private RuleDescription() {}

  static Optional<String> of(String rule) {
    return Optional.ofNullable(ALL.get(rule));
  }
}
