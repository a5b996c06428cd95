package io.mqttoperator.operator.broker.revision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.mqttoperator.api.Access;
import io.mqttoperator.api.Effect;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttAclSpec;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.AccessPlanner;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.AccessResources;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.clients.CredentialRules;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is remembered between passes changes no plan and no file: after each of many changes they
 * are what an operator that has just started makes of the same resources.
 */
class IncrementalAccessTest {

  private static final int STEPS = 150;
  private static final int NAMES = 40;
  private static final int SHARDS = 8;

  private final Map<String, UserDecision> users = new TreeMap<>();
  private final Map<String, MqttAcl> acls = new TreeMap<>();
  private final AccessPlanner planner = new AccessPlanner();
  private final AccessRenderer renderer = new AccessRenderer();
  private int iterations = 1;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsRememberedChangesNothing(long seed) throws DoNotFit {
    var random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      var changed = change(random);
      var decisions = new ArrayList<>(users.values());
      var rules = new ArrayList<>(acls.values());

      var plan = planner.plan(decisions, rules, AccessResources.TENANCY);
      var fresh = AccessPlan.of(decisions, rules, AccessResources.TENANCY);
      assertThat(plan).as("seed %d, step %d: %s", seed, step, changed).isEqualTo(fresh);
      var files = render(renderer, plan);
      var freshFiles = render(new AccessRenderer(), fresh);
      assertThat(files.revision())
          .as("seed %d, step %d: %s", seed, step, changed)
          .isEqualTo(freshFiles.revision());
      assertThat(files.users()).isEqualTo(freshFiles.users());
    }
  }

  private RevisionSecrets render(AccessRenderer with, AccessPlan plan) throws DoNotFit {
    return with.render(
        Samples.defaults().configuration(),
        Starts.NONE,
        CompiledAccess.SECRETS,
        plan,
        iterations,
        SHARDS);
  }

  private String change(Random random) {
    var name = "user-" + random.nextInt(NAMES);
    var acl = "acl-" + random.nextInt(6);
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> {
        users.put(name, user(name, random));
        return "put " + name;
      }
      case 3 -> {
        users.remove(name);
        return "removed " + name;
      }
      case 4, 5, 6 -> {
        acls.put(acl, acl(acl, random));
        return "put " + acl;
      }
      case 7 -> {
        acls.remove(acl);
        return "removed " + acl;
      }
      case 8 -> {
        iterations = 1 + random.nextInt(2);
        return "iterations " + iterations;
      }
      default -> {
        return "nothing";
      }
    }
  }

  private static UserDecision user(String name, Random random) {
    var user = new MqttUser();
    AccessResources.place(user, AccessResources.NAMESPACE, name);
    user.getMetadata().setLabels(Map.of("line", "line-" + random.nextInt(3)));
    var password = new UserPassword(new PasswordSecretRef(name, null, null), null);
    user.setSpec(
        new MqttUserSpec(AccessResources.BROKER, null, random.nextInt(5) == 0, password, null));
    var own =
        new OwnPassword.Found(
            new SecretBytes(("password-" + random.nextInt(3)).getBytes(UTF_8)), "1");
    return CredentialRules.decide(
        new UserObservation(user, user, new Standing.Member(), Optional.of(own), Optional.empty()),
        Samples.PASSWORDS,
        StoredHashes.NONE);
  }

  private static MqttAcl acl(String name, Random random) {
    var acl = new MqttAcl();
    AccessResources.place(acl, AccessResources.NAMESPACE, name);
    var selector =
        new LabelSelectorBuilder().addToMatchLabels("line", "line-" + random.nextInt(3)).build();
    var subject =
        switch (random.nextInt(4)) {
          case 0 -> new Subject("user-" + random.nextInt(NAMES), null, null, null);
          case 1 -> new Subject(null, selector, null, null);
          case 2 -> new Subject(null, null, true, null);
          default -> new Subject(null, null, null, true);
        };
    var deny = random.nextInt(4) == 0;
    var rule =
        new Rule(
            List.of("plant/{username}/" + random.nextInt(4)),
            deny ? null : List.of(random.nextBoolean() ? Access.PUBLISH : Access.SUBSCRIBE),
            deny ? Effect.DENY : null);
    acl.setSpec(new MqttAclSpec(AccessResources.BROKER, List.of(subject), List.of(rule)));
    return acl;
  }
}
