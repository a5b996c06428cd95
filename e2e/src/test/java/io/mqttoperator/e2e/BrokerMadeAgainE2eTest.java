package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A broker that is deleted and applied again: by default with its authority and its messages, so
 * that its clients find it as it was; users and their Secrets are no part of it.
 */
@OnCluster
final class BrokerMadeAgainE2eTest {

  private final Cluster cluster;

  BrokerMadeAgainE2eTest(Cluster cluster) {
    this.cluster = cluster;
  }

  private static String broker(String name, String spec) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: %s}
           spec: {%s}
           """
        .formatted(name, spec);
  }

  private static String access(String broker) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %1$s-user}
           spec: {brokerRef: {name: %1$s}}
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttAcl
           metadata: {name: %1$s-acl}
           spec:
             brokerRef: {name: %1$s}
             subjects: [{allUsers: true}]
             rules: [{topics: ["#"], access: [Publish, Subscribe]}]
           """
        .formatted(broker);
  }

  @Test
  void byDefaultItsClientsFindItAsItWas() {
    var manifest = broker("kept", "");
    cluster.applyAndAwait(manifest + access("kept"));
    var broker = cluster.broker("kept");
    var bundle = broker.trustBundle();
    var login = broker.login("kept-user");
    retain(broker, "kept-user");

    delete("kept");
    cluster.awaitCondition("mqu", "kept-user", "Ready", "False", "BrokerNotFound");
    cluster.awaitCondition("mqa", "kept-acl", "Ready", "False", "BrokerNotFound");
    assertThat(broker.login("kept-user")).as("the user's Secret is the user's").isEqualTo(login);
    cluster.applyAndAwait(manifest + access("kept"));

    assertThat(broker.trustBundle()).isEqualTo(bundle);
    var old = Client.at(broker.service(Broker.DEFAULT_PORT), Broker.trust(bundle)).login(login);
    assertThat(retained(old)).containsExactly("last/word");
  }

  @Test
  void withNothingToRetainItIsAnotherBroker() {
    var manifest =
        broker("thrown", "storage: {retain: false}, certificates: {authority: {retain: false}}");
    cluster.applyAndAwait(manifest + access("thrown"));
    var broker = cluster.broker("thrown");
    var bundle = broker.trustBundle();
    var login = broker.login("thrown-user");
    retain(broker, "thrown-user");

    delete("thrown");
    Awaitility.await("everything of the broker is gone")
        .atMost(Cluster.START_LIMIT)
        .until(() -> leftovers("thrown"), List::isEmpty);
    cluster.applyAndAwait(manifest + access("thrown"));

    assertThat(broker.trustBundle()).isNotEqualTo(bundle);
    assertThat(broker.login("thrown-user")).isEqualTo(login);
    assertThat(retained(broker.client("thrown-user"))).isEmpty();
  }

  @Test
  void itCanBeAppliedAgainWhileItsObjectsAreStillThere() {
    var manifest = broker("hasty", "");
    cluster.applyAndAwait(manifest + access("hasty"));
    var uid = cluster.get("mqb", "hasty").getMetadata().getUid();

    cluster.delete("mqb", "hasty");
    cluster.applyAndAwait(manifest);

    assertThat(cluster.get("mqb", "hasty").getMetadata().getUid()).isNotEqualTo(uid);
    cluster.awaitReady("mqu", "hasty-user", Cluster.START_LIMIT);
    try (var session = cluster.broker("hasty").client("hasty-user").connect()) {
      assertThat(session.isConnected()).isTrue();
    }
  }

  private void delete(String name) {
    cluster.delete("mqb", name);
    Awaitility.await("the pods of " + name + " are gone")
        .atMost(Cluster.START_LIMIT)
        .until(() -> cluster.broker(name).pods(), List::isEmpty);
  }

  private List<String> leftovers(String broker) {
    return cluster
        .kubectl()
        .run(
            "get",
            "sts,pods,pvc,secrets,configmaps,services,serviceaccounts,pdb,networkpolicies",
            "-l",
            "app.kubernetes.io/instance=" + broker + ",app.kubernetes.io/component!=credentials",
            "-o",
            "name")
        .orFail()
        .lines()
        .toList();
  }

  private static void retain(Broker broker, String user) {
    try (var session = broker.client(user).connect()) {
      session.publish("last/word", "x", true);
    }
  }

  private static List<String> retained(Client client) {
    try (var session = client.connect()) {
      session.subscribe("#");
      session.publish("end", "x");
      Awaitility.await("the end of what is retained")
          .atMost(Cluster.APPLY_LIMIT)
          .until(() -> session.received().stream().anyMatch(m -> m.topic().equals("end")));
      return session.received().stream()
          .map(Message::topic)
          .filter(topic -> !topic.equals("end"))
          .toList();
    }
  }
}
