package io.mqttoperator.operator.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.access.Client;
import io.mqttoperator.operator.access.Grant;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserObservation.WrittenPassword;
import io.mqttoperator.operator.broker.clients.UserSecrets;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.AccessRenderer;
import io.mqttoperator.operator.mosquitto.BrokerConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Arbitrary strings in every field of every resource, Secrets and labels included, past every check
 * of the API server: never a line more in a file, and a broker that goes on.
 */
class InjectionTest {

  private static final int STRINGS = Integer.getInteger("access.strings", 2_000);
  private static final long SEED = Long.getLong("access.seed", 1);

  /**
   * Of two strings in a manifest about one is hostile; else nearly all of them would be refused.
   */
  private static final int ONE_IN = 12;

  private static final String GENERATED = "b".repeat(43);

  private static final List<MqttUser> USERS =
      IntStream.range(0, 24).mapToObj(InjectionTest::user).toList();

  private static final MqttAcl ACL =
      Samples.YAML.unmarshal(
          """
          apiVersion: mqttoperator.io/v1alpha1
          kind: MqttAcl
          metadata: {namespace: plant, name: rules, uid: a1, labels: {some-key: text}}
          spec:
            brokerRef: {name: fleet, namespace: plant}
            subjects:
            - user: alice-1
            - userSelector:
                matchLabels: {line-key: one}
                matchExpressions: [{key: site-key, operator: In, values: [north, south]}]
            - allUsers: true
            rules:
            - {topics: ["machines/{username}/state", "{namespace}/+/alarm"], access: [Publish]}
            - {topics: ["machines/#"], access: [Subscribe], effect: Allow}
            - {topics: ["machines/secret"], effect: Deny}
          """,
          MqttAcl.class);

  private static final MqttAcl PUBLIC =
      Samples.YAML.unmarshal(
          """
          apiVersion: mqttoperator.io/v1alpha1
          kind: MqttAcl
          metadata: {namespace: plant, name: public, uid: a2}
          spec:
            brokerRef: {name: fleet}
            subjects: [{anonymous: true}]
            rules:
            - {topics: ["public/#", "$SYS/broker/version"], access: [Subscribe]}
            - {topics: ["public/hidden"], effect: Deny}
          """,
          MqttAcl.class);

  private static MqttUser user(int number) {
    return Samples.YAML.unmarshal(
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttUser
        metadata:
          namespace: plant
          name: alice-%1$d
          uid: u%1$d
          labels: {line-key: one, site-key: north}
          annotations: {some-key: text}
        spec:
          brokerRef: {name: fleet, namespace: plant}
          username: Alice.%1$d@x
          password: {secretRef: {name: own, key: password}, generation: 1}
          secret: {name: alice-mqtt, labels: {team-key: a}, annotations: {other-key: b}}
        """
            .formatted(number),
        MqttUser.class);
  }

  @Test
  void usersAclsAndSecretsAddNoLineAndEndNoBroker() {
    var hostile = new HostileStrings(SEED);
    var first = new AccessCase(List.of(), List.of(), List.of(), List.of());
    var letIn = 0;
    var lines = 0L;
    try (var broker = new AskedBroker(CompiledAccess.of(first.plan(), new AccessRenderer()))) {
      while (hostile.count() < STRINGS) {
        var users = decided(hostile);
        var acls =
            Stream.concat(
                    hostile.many(ACL, 12, ONE_IN).stream(),
                    hostile.many(PUBLIC, 4, ONE_IN).stream())
                .toList();
        var asked = new AccessCase(users, acls, List.of(), List.of());
        var compiled = CompiledAccess.of(asked.plan(), new AccessRenderer());
        requireNoLineMore(asked, compiled);
        broker.enforce(compiled);
        letIn += (int) users.stream().filter(UserDecision::mayLogIn).count();
        lines += compiled.acl().lines().count();
      }
      System.out.printf(
          "%d strings: %d users were let in, %d lines of rules%n", hostile.count(), letIn, lines);
    }
    assertThat(letIn).as("else nothing was tried").isGreaterThan(STRINGS / 100);
  }

  private static List<UserDecision> decided(HostileStrings hostile) {
    var claims = new HashMap<String, MqttUser>();
    var decided = new ArrayList<UserDecision>();
    for (var manifest : USERS) {
      int number = decided.size();
      var user = hostile.in(manifest, ONE_IN).orElse(manifest);
      user.getMetadata().setUid("uid-" + number);
      var seen =
          new UserObservation(
              user,
              claims.computeIfAbsent(UserObservation.usernameOf(user), any -> user),
              new Standing.Member(),
              number % 4 == 0
                  ? Optional.empty()
                  : Optional.of(new OwnPassword.Found(password(number % 2, "good", hostile), "7")),
              Optional.of(new WrittenPassword(password(number % 3, GENERATED, hostile), 1)));
      decided.add(UserSecrets.decide(seen, Samples.PASSWORDS, StoredHashes.NONE));
    }
    return decided;
  }

  private static SecretBytes password(int isHostile, String good, HostileStrings hostile) {
    return new SecretBytes((isHostile == 0 ? hostile.of(good) : good).getBytes(UTF_8));
  }

  private static void requireNoLineMore(AccessCase asked, CompiledAccess compiled) {
    var access = asked.access();
    var clients =
        asked.users().stream()
            .filter(UserDecision::mayLogIn)
            .map(user -> (Client) Client.User.of(user.user()))
            .toList();
    assertThat(lines(compiled.passwords()))
        .as("a line for nobody, for each user, the operator and the watcher")
        .isEqualTo(clients.size() + 3L);
    var rules =
        clients.stream()
            .map(client -> filters(access.of(client).grants()))
            .filter(filters -> filters > 0)
            .mapToLong(filters -> filters + 1)
            .sum();
    assertThat(lines(compiled.acl()))
        .as("anonymous clients', users', four of the operator, three of the watcher")
        .isEqualTo(filters(access.of(new Client.Anonymous()).grants()) + rules + 7);
    for (var file : List.of(compiled.passwords(), compiled.acl())) {
      assertThat(file.chars().filter(unit -> unit != '\n'))
          .noneMatch(unit -> Character.isISOControl(unit));
    }
  }

  /** A line for each filter, whatever rules there are for it. */
  private static long filters(List<Grant> grants) {
    return grants.stream().map(grant -> grant.covers().toString()).distinct().count();
  }

  private static long lines(String file) {
    return file.chars().filter(unit -> unit == '\n').count();
  }

  @Test
  void brokersAddNoLine() {
    var hostile = new HostileStrings(SEED);
    var manifests = List.of("everything", "exposed", "star", "defaults").stream();
    var brokers = manifests.map(Samples::broker).toList();
    var accepted = 0;
    while (hostile.count() < STRINGS) {
      for (var broker : brokers) {
        var changed = hostile.in(broker, 40);
        if (changed.isPresent() && isUsable(changed.get())) {
          accepted++;
        }
      }
    }
    System.out.printf("%d strings: %d brokers were accepted%n", hostile.count(), accepted);
    assertThat(accepted).as("else nothing was tried").isGreaterThan(STRINGS / 100);
  }

  private static boolean isUsable(MqttBroker broker) {
    BrokerProfile profile;
    BrokerConfiguration configuration;
    try {
      profile = Samples.profile(broker);
      profile.requireUsable();
      configuration = profile.configuration();
    } catch (IllegalArgumentException refused) {
      return false;
    }
    var file = new String(configuration.render(), UTF_8);
    assertThat(BrokerConfiguration.parse(configuration.render())).isEqualTo(configuration);
    assertThat(file.lines().filter(line -> line.startsWith("listener ")))
        .hasSize(profile.listeners().size() + 1);
    assertThat(file.lines()).allMatch(line -> line.matches("[a-zA-Z0-9@/_.:# $-]*"));
    return true;
  }
}
