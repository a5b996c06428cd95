package io.mqttoperator.e2e;

import static io.mqttoperator.e2e.TenantAttacker.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A broker with tenants. The attacker is bound to the cluster's role {@code admin} in its own
 * namespace, and tries to reach what is not its own: each test is one way.
 */
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TenantsE2eTest {

  private static final String ATTACKER = TenantAttacker.NAME;
  private static final String TENANCY =
      "topics: ['teams/{namespace}/#', 'open/+'], maxUsers: 3, maxRules: 5";

  private final Cluster home;
  private final Cluster tenant;
  private final Cluster neighbour;
  private final Broker broker;
  private final TenantAttacker attacker;

  TenantsE2eTest(Cluster home) {
    this.home = home;
    neighbour = Cluster.withNewNamespace(home.namespace() + "-redd");
    broker = home.broker("fleet");
    attacker = TenantAttacker.at(home, TENANCY, "");
    tenant = attacker.tenant();
    TenantAttacker.admit(home, neighbour);
    home.applyAndAwait(
        in(home, "MqttUser", "watcher", "")
            + in(
                home,
                "MqttAcl",
                "watcher",
                "subjects: [{user: watcher}], rules: [{topics: ['#'], access: [Publish, Subscribe]}]"));
    attack(in(home, "MqttUser", "meter", ""));
    tenant.awaitReady("mqu", "meter", Cluster.APPLY_LIMIT);
    neighbour.applyAndAwait(in(home, "MqttUser", "meter", ""));
  }

  @BeforeAll
  void rolesAreGathered() {
    // The controller that aggregates roles had its time while the broker started.
    assertThat(
            tenant
                .kubectl()
                .run("auth", "can-i", "create", "mqttusers", "--as=" + ATTACKER)
                .status())
        .isZero();
  }

  @AfterAll
  void deleteNamespaces() {
    try (tenant;
        neighbour) {
      tenant.deleteNamespace();
      neighbour.deleteNamespace();
    }
  }

  @Test
  @Order(1)
  void aTenantsUsersPublishAndSubscribeWithinItsTopics() {
    attack(acl("own", "teams/{namespace}/{username}/#", "open/news"));
    tenant.awaitReady("mqa", "own", Cluster.APPLY_LIMIT);
    var name = tenant.namespace() + ".meter";
    var topic = "teams/" + tenant.namespace() + "/" + name + "/state";
    assertThat(login(tenant, "meter").username()).isEqualTo(name);
    try (var meter = client(tenant, "meter").connect();
        var watcher = broker.client("watcher").connect()) {
      watcher.subscribe("#");
      meter.subscribe("open/#");
      assertThat(meter.publish(topic, "mine")).isZero();
      assertThat(watcher.publish("open/news", "hello")).isZero();
      Awaitility.await("both messages")
          .atMost(Cluster.APPLY_LIMIT)
          .untilAsserted(
              () -> {
                assertThat(watcher.received()).extracting(Message::payload).contains("mine");
                assertThat(meter.received()).extracting(Message::payload).contains("hello");
              });
      assertThat(meter.publish("teams/" + neighbour.namespace() + "/x", "not mine"))
          .isEqualTo(Refused.V5_NOT_AUTHORIZED);
    }
  }

  @Order(2)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "+/+/state",
        "teams/#",
        "teams/+/x",
        "teams/{username}/x",
        "open/#",
        "open",
        "plant/x"
      })
  void anAclThatReachesFurtherIsRefusedWhole(String topic) {
    attack(acl("grab", "open/grabbed", topic));
    var accepted = tenant.awaitCondition("mqa", "grab", "Accepted", "False", "TopicOutsideTenancy");
    assertThat(accepted.message()).contains("spec.rules[0]", "\"" + topic + "\"", "open/+");
    try (var meter = client(tenant, "meter").connect()) {
      assertThat(meter.publish("open/grabbed", "x")).isEqualTo(Refused.V5_NOT_AUTHORIZED);
    }
    tenant.delete("mqa", "grab");
  }

  @Test
  @Order(2)
  void theNeighboursTopicsAreOutOfReachThoughItsNameBeginsAlike() {
    attack(acl("grab", "teams/" + neighbour.namespace() + "/#"));
    tenant.awaitCondition("mqa", "grab", "Accepted", "False", "TopicOutsideTenancy");
    tenant.delete("mqa", "grab");
  }

  @Order(2)
  @ParameterizedTest
  @ValueSource(strings = {"watcher", "NEIGHBOUR.meter", "RED", "RED-x", "operator"})
  void noNameOfAnothersIsTaken(String template) {
    var username =
        template.replace("NEIGHBOUR", neighbour.namespace()).replace("RED", tenant.namespace());
    attack(in(home, "MqttUser", "thief", "username: " + username));
    tenant.awaitCondition("mqu", "thief", "Accepted", "False", "Invalid");
    assertThat(
            tenant.client().secrets().inNamespace(tenant.namespace()).withName("thief-mqtt").get())
        .isNull();
    tenant.delete("mqu", "thief");
    broker.client("watcher").connect().close();
    client(neighbour, "meter").connect().close();
  }

  @Test
  @Order(2)
  void theOperatorsOwnNameIsNoUsername() {
    var refused =
        tenant
            .kubectl()
            .runWith(
                in(home, "MqttUser", "root", "username: $mqtt-operator"),
                "apply",
                "--as=" + ATTACKER,
                "-f",
                "-");
    assertThat(refused.status()).isNotZero();
    assertThat(refused.errors()).contains("spec.username");
  }

  @Test
  @Order(2)
  void anothersUserIsNoSubject() {
    attack(
        in(
            home,
            "MqttAcl",
            "muzzle",
            "subjects: [{user: watcher}, {allUsers: true}], rules: [{topics: ['#'], effect: Deny}]"));
    tenant.awaitReady("mqa", "muzzle", Cluster.APPLY_LIMIT);
    assertThat(tenant.get("mqa", "muzzle").<Object>get("status", "matchedUsers")).isEqualTo(1);
    try (var watcher = broker.client("watcher").connect()) {
      assertThat(watcher.publish("anything", "still")).isIn(0, 0x10);
    }
    tenant.delete("mqa", "muzzle");
  }

  @Test
  @Order(2)
  void anonymousClientsAreNotItsOwn() {
    attack(
        in(
            home,
            "MqttAcl",
            "grab",
            "subjects: [{anonymous: true}], rules: [{topics: ['open/x'], access: [Publish]}]"));
    tenant.awaitCondition("mqa", "grab", "Accepted", "False", "Invalid");
    tenant.delete("mqa", "grab");
  }

  @Test
  @Order(2)
  void anothersSecretIsNoPassword() {
    home.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: owners, labels: {mqttoperator.io/credentials: "true"}}
        stringData: {password: of the owner}
        """);
    attack(in(home, "MqttUser", "thief", "password: {secretRef: {name: owners}}"));
    tenant.awaitCondition("mqu", "thief", "Accepted", "False", "SecretNotFound");
    tenant.delete("mqu", "thief");
  }

  @Test
  @Order(2)
  void aForgedSecretLetsNoRefusedUserIn() {
    attack(in(home, "MqttUser", "thief", "username: watcher"));
    tenant.awaitCondition("mqu", "thief", "Accepted", "False", "Invalid");
    var uid = tenant.get("mqu", "thief").getMetadata().getUid();
    attack(
        """
        apiVersion: v1
        kind: Secret
        type: servicebinding.io/mqtt
        metadata:
          name: thief-mqtt
          labels: {app.kubernetes.io/managed-by: mqtt-operator, app.kubernetes.io/instance: fleet}
          ownerReferences:
          - {apiVersion: mqttoperator.io/v1alpha1, kind: MqttUser, name: thief, uid: %s, controller: true}
        stringData: {username: watcher, password: chosen}
        """
            .formatted(uid));
    attack(acl("sync", "open/sync"));
    tenant.awaitReady("mqa", "sync", Cluster.APPLY_LIMIT);
    var thief = broker.client("watcher").login(new Login("watcher", "chosen"));
    assertThatExceptionOfType(Refused.class).isThrownBy(thief::connect);
    tenant.delete("mqa", "sync");
    tenant.delete("mqu", "thief");
  }

  @Test
  @Order(2)
  void theOwnersObjectsCannotBeTouched() {
    for (var kind : List.of("mqttbrokers", "mqttusers", "mqttacls", "secrets")) {
      assertThat(
              home.kubectl().run("auth", "can-i", "get", kind, "--as=" + ATTACKER).output().strip())
          .isEqualTo("no");
    }
    assertThat(
            tenant
                .kubectl()
                .run(
                    "auth",
                    "can-i",
                    "update",
                    "mqttusers",
                    "--subresource=status",
                    "--as=" + ATTACKER)
                .output()
                .strip())
        .isEqualTo("no");
    assertThat(
            tenant
                .kubectl()
                .run("label", "namespace", tenant.namespace(), "more=yes", "--as=" + ATTACKER)
                .status())
        .isNotZero();
  }

  @Test
  @Order(3)
  void quotasHoldWhateverIsAppliedAtOnce() {
    attack(
        in(home, "MqttUser", "b", "")
            + in(home, "MqttUser", "c", "")
            + in(home, "MqttUser", "d", ""));
    var conditions =
        Awaitility.await("one of four is refused")
            .atMost(Cluster.APPLY_LIMIT)
            .until(
                () ->
                    List.of("b", "c", "d").stream()
                        .filter(
                            name ->
                                tenant
                                    .condition("mqu", name, "Accepted")
                                    .filter(seen -> seen.reason().equals("QuotaExceeded"))
                                    .isPresent())
                        .toList(),
                refused -> refused.size() == 1);
    var refused = conditions.getFirst();
    assertThat(tenant.condition("mqu", refused, "Accepted").orElseThrow().message())
        .contains("3 users (maxUsers)");
    attack(acl("many", "open/1", "open/2", "open/3", "open/4"));
    attack(
        in(
            home,
            "MqttAcl",
            "more",
            "subjects: [{allUsers: true}], rules: ["
                + "{topics: [open/5], access: [Publish]}, {topics: [open/6], access: [Publish]},"
                + "{topics: [open/7], access: [Publish]}, {topics: [open/8], access: [Publish]}]"));
    tenant.awaitCondition("mqa", "more", "Accepted", "False", "QuotaExceeded");
    tenant.delete("mqu", refused.equals("b") ? "c" : "b");
    tenant.awaitReady("mqu", refused, Cluster.APPLY_LIMIT);
    tenant.kubectl().run("delete", "mqa/many", "mqa/more", "mqu/" + refused).orFail();
    home.awaitReady("mqb", "fleet", Cluster.APPLY_LIMIT);
  }

  @Test
  @Order(4)
  void whoChangesItsObjectsAllTheTimeHoldsNobodyUp() throws Exception {
    var stop = new java.util.concurrent.atomic.AtomicBoolean();
    var restless =
        Thread.ofVirtual()
            .start(
                () -> {
                  for (var count = 0; !stop.get(); count++) {
                    tenant
                        .kubectl()
                        .run(
                            "annotate",
                            "--overwrite",
                            "mqu/meter",
                            "count=" + count,
                            "--as=" + ATTACKER);
                    tenant
                        .kubectl()
                        .run(
                            "label",
                            "--overwrite",
                            "secret/meter-mqtt",
                            "app.kubernetes.io/managed-by=me-" + count,
                            "--as=" + ATTACKER);
                  }
                });
    try {
      for (var number = 0; number < 3; number++) {
        home.apply(in(home, "MqttUser", "new-" + number, ""));
        home.awaitReady("mqu", "new-" + number, Cluster.APPLY_LIMIT);
      }
    } finally {
      stop.set(true);
      restless.join();
    }
    // What it did to its Secret last is mended after the next pass.
    Awaitility.await("its own user works again")
        .atMost(Cluster.APPLY_LIMIT)
        .ignoreExceptionsInstanceOf(Refused.class)
        .until(
            () -> {
              client(tenant, "meter").connect().close();
              return true;
            });
  }

  @Test
  @Order(5)
  void aTenantThatIsWithdrawnLosesAccessAtOnceAndReturnsWithTheLabel() {
    try (var meter = client(tenant, "meter").connect();
        var other = client(neighbour, "meter").connect()) {
      label(tenant, "e2e-tenant-of-");
      Awaitility.await("the session ends")
          .atMost(Cluster.APPLY_LIMIT)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !meter.isConnected());
      assertThat(other.isConnected()).isTrue();
    }
    tenant.awaitCondition("mqu", "meter", "Accepted", "False", "NamespaceNotAllowed");
    tenant.awaitCondition("mqa", "own", "Accepted", "False", "NamespaceNotAllowed");
    assertThatExceptionOfType(Refused.class).isThrownBy(client(tenant, "meter")::connect);
    label(tenant, "e2e-tenant-of=" + home.namespace());
    tenant.awaitReady("mqu", "meter", Cluster.APPLY_LIMIT);
    client(tenant, "meter").connect().close();
  }

  @Test
  @Order(6)
  void theNamespaceOfATenantGoesWithAllInIt() {
    var login = login(neighbour, "meter");
    var client = broker.client("watcher").login(login);
    neighbour.deleteNamespace();
    assertThatExceptionOfType(Refused.class).isThrownBy(client::connect);
    home.awaitReady("mqb", "fleet", Cluster.APPLY_LIMIT);
    home.apply(in(home, "MqttUser", "after", ""));
    home.awaitReady("mqu", "after", Cluster.APPLY_LIMIT);
  }

  private static void label(Cluster namespace, String label) {
    namespace
        .kubectl()
        .run("label", "--overwrite", "namespace/" + namespace.namespace(), label)
        .orFail();
  }

  /** Applies as the attacker. */
  private void attack(String yaml) {
    attacker.apply(yaml);
  }

  private String acl(String name, String... topics) {
    return in(
        home,
        "MqttAcl",
        name,
        "subjects: [{allUsers: true}], rules: [{topics: ['%s'], access: [Publish, Subscribe]}]"
            .formatted(String.join("', '", topics)));
  }

  private static Login login(Cluster namespace, String user) {
    return Login.of(namespace.secret(user + "-mqtt"));
  }

  private Client client(Cluster namespace, String user) {
    return broker.client("watcher").login(login(namespace, user));
  }
}
