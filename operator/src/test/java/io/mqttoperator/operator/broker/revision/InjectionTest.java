package io.mqttoperator.operator.broker.revision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.access.Client;
import io.mqttoperator.operator.access.CredentialKind;
import io.mqttoperator.operator.access.Grant;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.mosquitto.BrokerConfiguration;
import io.mqttoperator.operator.testing.OpensslRequest;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** What the golden ones have not: each way to log in, and what is said of TLS. */
  private static final String BROKER =
      """
      listeners:
      - {name: one, port: 8883, tls: {ciphers: [ECDHE-ECDSA-AES128-GCM-SHA256]}}
      - {name: two, port: 8888, authentication: Certificate}
      - {name: three, port: 8885, authentication: CertificateAndPassword}
      - {name: four, port: 8886, authentication: PreSharedKey, tls: {ciphers: [PSK-AES128-GCM-SHA256]}}
      - {name: five, port: 8887, transport: Websockets, tls: {secretRef: {name: own}}}
      certificates:
        server: {additionalNames: [mqtt.example.com, "*.example.org", 192.0.2.7, "2001:db8::7"]}
      access:
        tenants:
        - {name: red, namespaceSelector: {matchLabels: {some-key: red}}, topics: ["red/#", "{namespace}/+"]}
      """;

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

  @TempDir Path folder;

  @Test
  void usersAclsAndSecretsAddNoLineAndEndNoBroker() {
    var hostile = new HostileStrings(SEED);
    var users = new HostileUsers(hostile, OpensslRequest.of(folder, "/"), ONE_IN);
    var first = new AccessCase(List.of(), List.of(), List.of(), List.of());
    var letIn = new EnumMap<CredentialKind, Integer>(CredentialKind.class);
    var lines = 0L;
    try (var broker = new AskedBroker(CompiledAccess.of(first.plan(), new AccessRenderer()))) {
      while (hostile.count() < STRINGS) {
        var decided = users.decided();
        var acls =
            Stream.concat(
                    hostile.many(ACL, 12, ONE_IN).stream(),
                    hostile.many(PUBLIC, 4, ONE_IN).stream())
                .toList();
        var asked = new AccessCase(decided, acls, List.of(), List.of());
        var compiled = CompiledAccess.of(asked.plan(), new AccessRenderer());
        requireNoLineMore(asked, compiled);
        broker.enforce(compiled);
        lines += compiled.acl().lines().count();
        decided.stream()
            .filter(UserDecision::mayLogIn)
            .flatMap(user -> CredentialKind.of(user.user()).stream())
            .forEach(kind -> letIn.merge(kind, 1, Integer::sum));
      }
      assertThat(broker.log()).as("a line that Mosquitto did not take").doesNotContain("Error");
      System.out.printf(
          "%d strings: let in by %s, %d lines of rules%n", hostile.count(), letIn, lines);
    }
    assertThat(letIn)
        .as("else nothing was tried")
        .containsOnlyKeys(CredentialKind.values())
        .allSatisfy((kind, times) -> assertThat(times).isGreaterThan(STRINGS / 100));
  }

  private static void requireNoLineMore(AccessCase asked, CompiledAccess compiled) {
    var access = asked.access();
    var users = asked.users().stream().filter(UserDecision::mayLogIn).toList();
    assertThat(lines(compiled.passwords()))
        .as("a line for nobody, for each user with a password, the operator and the watcher")
        .isEqualTo(users.stream().filter(user -> user.password().isKnown()).count() + 3);
    assertThat(lines(compiled.keys()))
        .as("a line for each user with a pre-shared key")
        .isEqualTo(users.stream().filter(user -> user.key().key().isPresent()).count());
    var rules =
        users.stream()
            .map(InjectionTest::client)
            .map(client -> filters(access.of(client).grants()))
            .filter(filters -> filters > 0)
            .mapToLong(filters -> filters + 1)
            .sum();
    assertThat(lines(compiled.acl()))
        .as("anonymous clients', users', four of the operator, three of the watcher")
        .isEqualTo(filters(access.of(new Client.Anonymous()).grants()) + rules + 7);
    for (var file : List.of(compiled.passwords(), compiled.keys(), compiled.acl())) {
      assertThat(file.chars().filter(unit -> unit != '\n'))
          .noneMatch(unit -> Character.isISOControl(unit));
    }
  }

  private static Client client(UserDecision user) {
    var named = Client.User.of(user.user());
    return new Client.User(named.namespace(), named.name(), user.seen().username(), named.labels());
  }

  /** A line for each filter, whatever rules there are for it. */
  private static long filters(List<Grant> grants) {
    return grants.stream().map(grant -> grant.covers().toString()).distinct().count();
  }

  private static long lines(String file) {
    return file.chars().filter(unit -> unit == '\n').count();
  }

  @Test
  void brokersAddNoLineAndStart() {
    var hostile = new HostileStrings(SEED);
    var golden = Stream.of("everything", "exposed", "star", "defaults").map(Samples::broker);
    var brokers = Stream.concat(golden, Stream.of(Samples.brokerWith(BROKER))).toList();
    var accepted = 0;
    var reached = new HashSet<List<Object>>();
    while (hostile.count() < STRINGS) {
      for (var broker : brokers) {
        var changed = hostile.in(broker, 40);
        if (changed.isPresent() && isUsable(changed.get())) {
          accepted++;
          var profile = Samples.profile(changed.get());
          if (reached.add(reaching(profile))) {
            StartedBroker.requireStartAndReload(profile);
          }
        }
      }
    }
    System.out.printf(
        "%d strings: %d brokers were accepted, %d that Mosquitto is told of have started%n",
        hostile.count(), accepted, reached.size());
    assertThat(accepted).as("else nothing was tried").isGreaterThan(STRINGS / 100);
    assertThat(reached).as("else nothing was tried").hasSizeGreaterThan(brokers.size());
  }

  /** All of a spec that Mosquitto is given: its file, and what certificates are made of. */
  private static List<Object> reaching(BrokerProfile profile) {
    return List.of(profile.configuration(), profile.server(), profile.names());
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
