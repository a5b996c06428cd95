package io.mqttoperator.operator.broker.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.mosquitto.StartDigest;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.ServingPod;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only Mosquitto's start takes is brought to a pod without another pod: a real Mosquitto. */
class StartAnewTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private final Fleet fleet = Fleet.in(API);

  @Test
  void mosquittoStartsAnewAndThePodStays() throws Exception {
    try (var operator = API.operator(fleet.namespace())) {
      fleet.broker("{}");
      fleet.user("anna", "");
      fleet.acl("up", "up/{username}");
      fleet.awaitAccepted();
      try (var pod = fleet.serve()) {
        awaitProven();
        var template = fleet.get(StatefulSet.class, Fleet.BROKER).getSpec().getTemplate();
        var before = newest();
        var process = pod.mosquitto();
        try (var anna = fleet.connect(pod, "anna")) {
          anna.subscribe("up/anna");
          fleet.broker("{limits: {maxKeepAlive: 700}}");
          assertThat(anna.ended().get(10, TimeUnit.SECONDS)).isNotNull();
        }
        await().atMost(Fleet.BOUND).until(() -> !newest().equals(before));
        awaitProven();
        var another = pod.mosquitto();
        assertThat(another).isNotEmpty().isNotEqualTo(process);
        assertThat(pod.file("acl")).contains("topic write $mqtt-operator/start/" + newest() + "\n");
        try (var anna = fleet.connect(pod, "anna")) {
          assertThat(anna.hadSession()).isTrue();
        }
        fleet.user("bert", "");
        fleet.awaitCondition(MqttUser.class, "bert", "Ready=True:Enforced");
        assertThat(pod.mosquitto()).as("a user is a reload").isEqualTo(another);
        assertThat(fleet.get(StatefulSet.class, Fleet.BROKER).getSpec().getTemplate())
            .isEqualTo(template);
      }
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  /** Without a bridge the leaf does not serve, so it is not the hub's turn. */
  @Test
  void theHubWaitsForTheLeafAndGoesOnWithWhatItHas() {
    var operator = API.operator(fleet.namespace());
    fleet.broker("{replicas: 2}");
    fleet.user("anna", "");
    fleet.awaitAccepted();
    try (var hub = fleet.serve(0);
        var leaf = fleet.serve(1)) {
      awaitProven();
      var before = newest();
      var ofHub = hub.mosquitto();
      var ofLeaf = leaf.mosquitto();
      fleet.broker("{replicas: 2, limits: {maxKeepAlive: 700}}");
      await()
          .atMost(Fleet.BOUND)
          .ignoreExceptions() // its files go as others come
          .until(() -> !newest().equals(before) && starts(leaf).equals(newest().hex()));
      assertThat(leaf.mosquitto()).isNotEqualTo(ofLeaf);
      assertReachesBoth("bert", hub, leaf);
      operator.close();
      operator = API.operator(fleet.namespace());
      assertReachesBoth("carl", hub, leaf);
      assertThat(starts(hub)).isEqualTo(before.hex());
      assertThat(hub.mosquitto()).isEqualTo(ofHub);
      assertThat(fleet.value("fleet-files", "revision")).endsWith("\n0 " + before.hex() + "\n");

      fleet.broker("{replicas: 2}");
      await().atMost(Fleet.BOUND).ignoreExceptions().until(() -> starts(leaf).equals(before.hex()));
      awaitProven();
      await()
          .atMost(Fleet.BOUND)
          .until(() -> fleet.value("fleet-files", "revision").lines().count() == 1);
      awaitProven();
      assertThat(hub.mosquitto()).as("the hub had no turn").isEqualTo(ofHub);
    } finally {
      operator.close();
    }
  }

  /** Ready means that a login works on every pod. */
  @Test
  void aUserOfAListenerThatIsNotOpenEverywhereIsNotReady() {
    var operator = API.operator(fleet.namespace());
    fleet.broker("{replicas: 2}");
    fleet.awaitAccepted();
    try (var hub = fleet.serve(0);
        var leaf = fleet.serve(1)) {
      awaitProven();
      var before = newest();
      fleet.broker(
          "{replicas: 2, listeners: [{name: mqtts, port: 8883},"
              + " {name: devices, port: 8885, authentication: Certificate}]}");
      await().atMost(Fleet.BOUND).until(() -> !newest().equals(before));
      fleet.user("bert", "");
      fleet.user("drone", "certificate: {}");
      fleet.awaitCondition(MqttUser.class, "bert", "Ready=True:Enforced");
      // The hub waits for the leaf's bridge, which is not there.
      fleet.awaitCondition(MqttUser.class, "drone", "Ready=Unknown:Applying");
      awaitProven();
      fleet.awaitCondition(MqttUser.class, "drone", "Ready=Unknown:Applying");
      assertThat(starts(hub)).isEqualTo(before.hex());
      assertThat(starts(leaf)).isNotEqualTo(before.hex());

      fleet.broker("{replicas: 2, listeners: [{name: mqtts, port: 8883}]}");
      fleet.awaitCondition(MqttUser.class, "drone", "Accepted=False:NoListener");
    } finally {
      operator.close();
    }
  }

  private void assertReachesBoth(String user, ServingPod hub, ServingPod leaf) {
    fleet.user(user, "");
    fleet.awaitCondition(MqttUser.class, user, "Ready=True:Enforced");
    fleet.connect(hub, user).close();
    fleet.connect(leaf, user).close();
  }

  private void awaitProven() {
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "AccessEnforced=True:Enforced");
  }

  /** What the files of the Mosquitto that runs say that it was started with. */
  private static String starts(ServingPod pod) {
    var line = "topic write $mqtt-operator/start/";
    return pod.file("acl")
        .lines()
        .filter(found -> found.startsWith(line))
        .findFirst()
        .orElseThrow()
        .substring(line.length());
  }

  private StartDigest newest() {
    var configuration = fleet.value("fleet-files", "mosquitto.conf");
    return StartDigest.in(configuration.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }
}
