package io.mqttoperator.operator.broker.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.testing.CertificateConnection;
import io.mqttoperator.operator.testing.KeyConnection;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import io.mqttoperator.operator.testing.UserConnection;
import io.mqttoperator.operator.testing.Will;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of the will of a user whose connection the operator ends, with a real Mosquitto. */
@Execution(ExecutionMode.CONCURRENT)
class RevokedWillTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String READY = "Ready=True:Enforced";

  /** What ends a session; a delayed will is due when its user has its rights again. */
  private static final List<String> ENDS = List.of("disabled", "deleted", "rotated", "delayed");

  private static final int DELAY_SECONDS = 5;

  private final Fleet fleet = Fleet.in(API);

  private UserConnection withWill(ServingPod pod, String user) {
    var secret = fleet.get(Secret.class, user + "-mqtt");
    return new UserConnection(
        pod,
        Fleet.value(secret, "host"),
        Fleet.value(secret, "ca.crt"),
        Fleet.value(secret, "username"),
        Fleet.value(secret, "password"),
        "wills/" + user);
  }

  @Test
  void noRevocationPublishesAWill() {
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      fleet.broker("{listeners: [{name: mqtts, port: 8883}]}");
      for (var user : List.of("watcher", "disabled", "deleted", "rotated", "leaving")) {
        fleet.user(user, "");
      }
      fleet.acl("up", "wills/{username}");
      fleet.apply(
          "MqttAcl",
          "all",
          "{brokerRef: {name: fleet}, subjects: [{user: watcher}], rules: [{topics: ['wills/#'], access: [Subscribe]}]}");
      fleet.awaitAccepted();
      try (ServingPod pod = fleet.serve()) {
        fleet.awaitCondition(MqttUser.class, "leaving", READY);
        fleet.awaitCondition(MqttUser.class, "watcher", READY);
        try (var watcher = fleet.connect(pod, "watcher");
            var disabled = withWill(pod, "disabled");
            var deleted = withWill(pod, "deleted");
            var rotated = withWill(pod, "rotated");
            var leaving = withWill(pod, "leaving")) {
          watcher.subscribe("wills/#");
          fleet.user("disabled", "disabled: true");
          fleet.delete(MqttUser.class, "deleted");
          fleet.user("rotated", "password: {generation: 2}");
          for (var one : List.of(disabled, deleted, rotated)) {
            await().atMost(Fleet.BOUND).until(() -> one.ended().isDone());
          }
          // That this one's comes is the proof that the watcher would see the others'.
          leaving.disconnectWithWill();
          await()
              .atMost(Fleet.BOUND)
              .untilAsserted(() -> assertThat(watcher.received()).contains("wills/leaving"));
          await()
              .during(Duration.ofSeconds(1))
              .atMost(Fleet.BOUND)
              .untilAsserted(() -> assertThat(watcher.received()).containsOnly("wills/leaving"));
        }
        assertThat(operator.passes()).isPositive();
      }
    }
  }

  /** By taking them over; whoever is to go on has its rights again a moment later. */
  @Test
  void noSessionThatIsTakenOverPublishesAWill() {
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      serveDevices();
      try (ServingPod pod = fleet.serve()) {
        devices().forEach(user -> fleet.awaitCondition(MqttUser.class, user, READY));
        fleet.awaitCondition(MqttUser.class, "watcher", READY);
        try (var watcher = fleet.connect(pod, "watcher")) {
          watcher.subscribe("#");
          endAll(pod);
          // That these two's come is the proof that the watcher would see the others'.
          withCertificate(pod, "certificate-rotated").disconnectWithWill();
          withKey(pod, "key-rotated").close();
          await()
              .during(Duration.ofSeconds(DELAY_SECONDS + 1))
              .atMost(Fleet.BOUND)
              .untilAsserted(
                  () ->
                      assertThat(watcher.received())
                          .containsExactlyInAnyOrder(
                              "wills/certificate-rotated", "wills/key-rotated"));
        }
        assertThat(operator.passes()).isPositive();
      }
    }
  }

  private void serveDevices() {
    fleet.broker(
        """
        {listeners: [
          {name: mqtts, port: 8883},
          {name: devices, port: 8885, authentication: Certificate},
          {name: tiny, port: 8886, authentication: PreSharedKey}]}
        """);
    fleet.user("watcher", "");
    for (var end : ENDS) {
      fleet.user("certificate-" + end, "certificate: {}");
      fleet.user("key-" + end, "preSharedKey: {}");
    }
    fleet.acl("up", "wills/{username}");
    fleet.apply(
        "MqttAcl",
        "all",
        "{brokerRef: {name: fleet}, subjects: [{user: watcher}], rules: [{topics: ['#'], access: [Subscribe]}]}");
    fleet.awaitAccepted();
  }

  private static Stream<String> devices() {
    return ENDS.stream().flatMap(end -> Stream.of("certificate-" + end, "key-" + end));
  }

  /** Returns when all of them are over, and who is to go on has its rights again. */
  private void endAll(ServingPod pod) {
    var ended = new ArrayList<CompletableFuture<?>>();
    for (var end : ENDS) {
      ended.add(withCertificate(pod, "certificate-" + end).ended());
      ended.add(withKey(pod, "key-" + end).ended());
    }
    for (var end : ENDS) {
      end("certificate-" + end, end, "certificate");
      end("key-" + end, end, "preSharedKey");
    }
    ended.forEach(one -> assertThat(one).succeedsWithin(Fleet.BOUND));
    devices()
        .filter(user -> user.endsWith("rotated") || user.endsWith("delayed"))
        .forEach(user -> fleet.awaitCondition(MqttUser.class, user, READY));
  }

  private void end(String user, String end, String credential) {
    switch (end) {
      case "disabled" -> fleet.user(user, credential + ": {}, disabled: true");
      case "deleted" -> fleet.delete(MqttUser.class, user);
      default -> fleet.user(user, credential + ": {generation: 2}");
    }
  }

  private CertificateConnection withCertificate(ServingPod pod, String user) {
    var secret = fleet.get(Secret.class, user + "-mqtt");
    return new CertificateConnection(
        pod,
        8885,
        Fleet.value(secret, "host"),
        Fleet.value(secret, "ca.crt"),
        Fleet.pair(secret),
        will(user));
  }

  private KeyConnection withKey(ServingPod pod, String user) {
    return new KeyConnection(
        pod.address(), 8886, user, fleet.value(user + "-mqtt", "psk"), will(user));
  }

  private static Will will(String user) {
    return new Will("wills/" + user, user.endsWith("delayed") ? DELAY_SECONDS : 0);
  }
}
