package io.mqttoperator.operator.broker.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.LaterClock;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Users and ACLs go when a pod, one with a real Mosquitto, is without them. */
@Execution(ExecutionMode.CONCURRENT)
class DepartureTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String UNREACHABLE = "AccessEnforced=Unknown:PodUnreachable";
  private static final String APPLYING = "AccessEnforced=Unknown:Applying";

  private final Fleet fleet = Fleet.in(API);
  private final LaterClock clock = new LaterClock();
  private RunningOperator operator;
  private ServingPod pod;

  @BeforeEach
  void serve() {
    operator = API.operator(fleet.namespace(), clock);
    fleet.broker("{}");
    fleet.user("anna", "");
    fleet.user("bert", "");
    fleet.acl("up", "up/#");
    fleet.awaitAccepted();
    pod = fleet.serve();
    fleet.awaitCondition(MqttUser.class, "anna", "Ready=True:Enforced");
    fleet.awaitCondition(MqttUser.class, "bert", "Ready=True:Enforced");
    fleet.awaitCondition(MqttAcl.class, "up", "Ready=True:Enforced");
  }

  @AfterEach
  void close() {
    operator.close();
    pod.close();
  }

  private boolean isHeld(Class<? extends HasMetadata> kind, String name) {
    return fleet
        .find(kind, name)
        .filter(found -> found.getMetadata().getFinalizers().contains(Labels.FINALIZER))
        .isPresent();
  }

  private boolean areHeld() {
    return isHeld(MqttUser.class, "anna") && isHeld(MqttAcl.class, "up");
  }

  /** A change that began before the clock was set may still end: two passes more do not. */
  private void afterPasses() {
    var passes = operator.passes();
    await()
        .atMost(Fleet.BOUND)
        .until(
            () -> {
              operator.wake(fleet.namespace(), Fleet.BROKER);
              return operator.passes() > passes + 2;
            });
  }

  @Test
  void whatAPodStillLetsInStaysHoweverLongItTakes() {
    pod.holdBack();
    fleet.delete(MqttUser.class, "anna");
    fleet.delete(MqttAcl.class, "up");
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, APPLYING);
    fleet.awaitCondition(MqttUser.class, "anna", "Enforced=Unknown:Applying");
    clock.ahead(Duration.ofMinutes(6));
    afterPasses();
    assertThat(areHeld()).isTrue();
    try (var anna = fleet.connect(pod, "anna")) {
      assertThat(anna.mayPublish("up/x")).isTrue();
    }

    // Unreachable for a moment, after all that time: the five minutes begin there.
    pod.fallSilent();
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, UNREACHABLE);
    afterPasses();
    assertThat(areHeld()).isTrue();
    pod.answerAgain();
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, APPLYING);
    clock.ahead(Duration.ofMinutes(12));
    pod.fallSilent();
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, UNREACHABLE);
    afterPasses();
    assertThat(areHeld()).isTrue();
    clock.ahead(Duration.ofMinutes(16));
    afterPasses();
    assertThat(areHeld()).isTrue();
    assertThat(operator.releasedUnproven()).isZero();

    clock.ahead(Duration.ofMinutes(18));
    operator.wake(fleet.namespace(), Fleet.BROKER);
    fleet.awaitGone(MqttUser.class, "anna");
    fleet.awaitGone(MqttAcl.class, "up");
    assertThat(operator.releasedUnproven()).isEqualTo(2);
    assertThat(API.client().events().v1().events().inNamespace(fleet.namespace()).list().getItems())
        .filteredOn(event -> "ReleasedUnproven".equals(event.getReason()))
        .hasSize(2)
        .allMatch(event -> "Warning".equals(event.getType()));
    pod.answerAgain();
  }

  /** It starts with the files of before while the kubelet refreshes them, and tells so later. */
  @Test
  void aPodThatHasJustStartedCountsBeforeItsStatusSaysSo() {
    pod.holdBack();
    pod.isSaidNotToRun();
    fleet.delete(MqttUser.class, "anna");
    fleet.awaitCondition(MqttUser.class, "anna", "Enforced=Unknown:Applying");
    afterPasses();
    assertThat(isHeld(MqttUser.class, "anna")).isTrue();

    pod.catchUp();
    fleet.awaitGone(MqttUser.class, "anna");
  }

  /** Its files were put there before it starts, and before the user was deleted. */
  @Test
  void aPodThatIsAboutToStartIsWaitedForAsLongAsAStartTakes() {
    var running = API.client().pods().inNamespace(fleet.namespace()).withName("fleet-0").get();
    API.client()
        .resource(
            new PodBuilder(running)
                .withNewMetadata()
                .withNamespace(fleet.namespace())
                .withName("fleet-1")
                .withLabels(running.getMetadata().getLabels())
                .withOwnerReferences(running.getMetadata().getOwnerReferences())
                .endMetadata()
                .editSpec()
                .withNodeName("node")
                .endSpec()
                .withStatus(null)
                .build())
        .create();
    fleet.delete(MqttUser.class, "anna");
    fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, UNREACHABLE);
    afterPasses();
    assertThat(isHeld(MqttUser.class, "anna")).isTrue();

    clock.ahead(Duration.ofSeconds(20));
    operator.wake(fleet.namespace(), Fleet.BROKER);
    fleet.awaitGone(MqttUser.class, "anna");
    assertThat(operator.releasedUnproven()).isZero();
  }

  @Test
  void aUserThatIsGoneHasNoConnectionAndNoSession() throws Exception {
    var anna = fleet.connect(pod, "anna");
    anna.subscribe("down/anna");
    var bert = fleet.connect(pod, "bert");
    bert.subscribe("down/bert");
    bert.close();
    // Its session is there, or that it is gone later would mean nothing.
    bert = fleet.connect(pod, "bert");
    assertThat(bert.hadSession()).isTrue();
    bert.close();
    pod.holdBack();
    var logged = new CompletableFuture<String>();
    var watch = watch("anna", logged);
    try {
      fleet.delete(MqttUser.class, "anna");
      fleet.delete(MqttUser.class, "bert");
      fleet.awaitCondition(MqttUser.class, "anna", "Enforced=Unknown:Applying");
      afterPasses();
      assertThat(isHeld(MqttUser.class, "anna")).isTrue();
      assertThat(isHeld(MqttUser.class, "bert")).isTrue();
      assertThat(anna.ended()).isNotDone();
      pod.catchUp();
      fleet.awaitGone(MqttUser.class, "anna");
      fleet.awaitGone(MqttUser.class, "bert");
      // Mosquitto had ended it by the time that the object went.
      assertThat(logged.get()).containsPattern("Client anna \\[[^\\n]*disconnected");
    } finally {
      watch.close();
    }
    assertThat(anna.ended()).succeedsWithin(Duration.ofSeconds(5));
    assertThat(pod.file("passwords")).doesNotContain("anna:", "bert:");
    // As the garbage collector does.
    fleet.delete(Secret.class, "bert-mqtt");
    fleet.user("bert", "");
    fleet.awaitCondition(MqttUser.class, "bert", "Ready=True:Enforced");
    try (var made = fleet.connect(pod, "bert")) {
      assertThat(made.hadSession()).isFalse();
    }
    assertThat(operator.releasedUnproven()).isZero();
  }

  /** Completes with the pod's log at the moment when the user is gone. */
  private Watch watch(String user, CompletableFuture<String> logged) {
    return API.client()
        .resources(MqttUser.class)
        .inNamespace(fleet.namespace())
        .withName(user)
        .watch(
            new Watcher<>() {
              @Override
              public void eventReceived(Action action, MqttUser seen) {
                if (action == Action.DELETED) {
                  logged.complete(pod.log());
                }
              }

              @Override
              public void onClose(WatcherException cause) {}
            });
  }

  @Test
  void anAclIsGoneOnceThePodNoLongerAllowsIt() {
    try (var anna = fleet.connect(pod, "anna")) {
      pod.holdBack();
      fleet.delete(MqttAcl.class, "up");
      fleet.awaitCondition(MqttAcl.class, "up", "Enforced=Unknown:Applying");
      afterPasses();
      assertThat(isHeld(MqttAcl.class, "up")).isTrue();
      assertThat(anna.mayPublish("up/x")).isTrue();
      pod.catchUp();
      fleet.awaitGone(MqttAcl.class, "up");
      assertThat(anna.mayPublish("up/x")).isFalse();
      assertThat(anna.ended()).isNotDone();
    }
  }
}
