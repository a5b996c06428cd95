package io.mqttoperator.operator.access;

import io.mqttoperator.api.Access;
import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.Effect;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttAclSpec;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.operator.access.UserObservation.WrittenPassword;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Users and ACLs of the broker {@code fleet} in the namespace {@code plant}. */
final class Samples {

  static final String NAMESPACE = "plant";
  static final BrokerRef FLEET = new BrokerRef("fleet", null);
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-05-06T07:08:09Z"), ZoneOffset.UTC);

  /** As a password that was generated looks. */
  static final SecretBytes GENERATED = secret("generated-before" + "_".repeat(27));

  /** What the listeners of a broker take where its spec names none. */
  static final Set<ClientAuthentication> PASSWORDS = Set.of(ClientAuthentication.PASSWORD);

  private Samples() {}

  static SecretBytes secret(String text) {
    return new SecretBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  static MqttUser user(String name) {
    return user(name, new MqttUserSpec(FLEET, null, null, null, null));
  }

  static MqttUser user(String name, MqttUserSpec spec) {
    var user = new MqttUser();
    user.getMetadata().setNamespace(NAMESPACE);
    user.getMetadata().setName(name);
    user.getMetadata().setUid("uid-of-" + name);
    user.getMetadata().setGeneration(1L);
    user.setSpec(spec);
    return user;
  }

  static MqttUser labelled(String name, Map<String, String> labels) {
    var user = user(name);
    user.getMetadata().setLabels(labels);
    return user;
  }

  static MqttUser withUsername(String name, String username) {
    return user(name, new MqttUserSpec(FLEET, username, null, null, null));
  }

  static MqttUser disabled(String name) {
    return user(name, new MqttUserSpec(FLEET, null, true, null, null));
  }

  /** A user whose password is in the Secret {@code own}. */
  static MqttUser withOwnPassword(String name) {
    var password = new UserPassword(new PasswordSecretRef("own", null, null), null);
    return user(name, new MqttUserSpec(FLEET, null, null, password, null));
  }

  static MqttUser beingDeleted(MqttUser user) {
    user.getMetadata().setDeletionTimestamp("2026-05-06T07:00:00Z");
    return user;
  }

  /** A user that has its name, and a password that was generated for generation 1. */
  static UserObservation seen(MqttUser user) {
    return new UserObservation(
        user,
        user,
        standing(user),
        Optional.empty(),
        Optional.of(new WrittenPassword(GENERATED, 1)));
  }

  static UserObservation seen(MqttUser user, OwnPassword own) {
    return new UserObservation(
        user,
        user,
        standing(user),
        Optional.of(own),
        Optional.of(new WrittenPassword(secret("good-before"), 0)));
  }

  /** With a broker that has no tenants. */
  private static Standing standing(MqttUser user) {
    var namespace = user.getSpec().brokerRef().namespace();
    return namespace == null || namespace.equals(NAMESPACE)
        ? new Standing.Member()
        : new Standing.Outsider();
  }

  static UserDecision decided(UserObservation seen) {
    var accepted = UserRules.check(seen, Samples.PASSWORDS);
    return new UserDecision(seen, accepted, Password.decide(seen, accepted, StoredHashes.NONE));
  }

  static UserDecision decided(MqttUser user) {
    return decided(seen(user));
  }

  static MqttAcl acl(String name, List<Subject> subjects, Rule... rules) {
    var acl = new MqttAcl();
    acl.getMetadata().setNamespace(NAMESPACE);
    acl.getMetadata().setName(name);
    acl.getMetadata().setGeneration(1L);
    acl.setSpec(new MqttAclSpec(FLEET, subjects, List.of(rules)));
    return acl;
  }

  static List<Subject> allUsers() {
    return List.of(new Subject(null, null, true, null));
  }

  static List<Subject> anonymous() {
    return List.of(new Subject(null, null, null, true));
  }

  static List<Subject> named(String user) {
    return List.of(new Subject(user, null, null, null));
  }

  static Rule allow(String topic, Access... access) {
    return new Rule(List.of(topic), List.of(access), null);
  }

  static Rule deny(String topic) {
    return new Rule(List.of(topic), null, Effect.DENY);
  }

  static Rule rule(String topic, @Nullable List<Access> access, @Nullable Effect effect) {
    return new Rule(List.of(topic), access, effect);
  }
}
