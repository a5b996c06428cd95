package io.mqttoperator.operator.broker.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.testing.KubernetesApi;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The API server itself says here which volumes may grow; volumes there are none. */
class VolumeGrowthTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String CLAIM = "data-fleet-0";

  private final Fleet fleet = Fleet.in(API);
  private final String storageClass = "class-of-" + fleet.namespace();

  @Test
  void aVolumeGrowsWhereItsClassLetsIt() {
    storageClass(true);
    try (var operator = API.operator(fleet.namespace())) {
      runs("1Gi");
      var generation = fleet.get(StatefulSet.class, "fleet").getMetadata().getGeneration();

      asksFor("2Gi");

      await().atMost(Fleet.BOUND).untilAsserted(() -> assertThat(asked(CLAIM)).isEqualTo("2Gi"));
      awaitMessage("The spec is valid. PersistentVolumeClaim data-fleet-0 grows from 1Gi to 2Gi.");
      assertThat(fleet.condition(MqttBroker.class, Fleet.BROKER, "Accepted"))
          .isEqualTo("Accepted=True:Accepted");

      report("1Gi", "FileSystemResizePending");
      awaitMessage("its file system follows on the pod's node");

      report("2Gi", "");
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(() -> assertThat(message()).isEqualTo("The spec is valid."));
      var set = fleet.get(StatefulSet.class, "fleet");
      assertThat(set.getMetadata().getGeneration()).isEqualTo(generation);
      assertThat(set.getSpec().getVolumeClaimTemplates().getFirst().getSpec().getResources())
          .extracting(resources -> resources.getRequests().get("storage"))
          .isEqualTo(new Quantity("1Gi"));
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  /** A replica that comes later is made of the template, which is as it was. */
  @Test
  void aVolumeOfALaterReplicaGrowsWhenItIsBound() {
    storageClass(true);
    try (var operator = API.operator(fleet.namespace())) {
      runs("1Gi");
      asksFor("2Gi");
      await().atMost(Fleet.BOUND).untilAsserted(() -> assertThat(asked(CLAIM)).isEqualTo("2Gi"));
      claim("data-fleet-1", "1Gi");
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(() -> assertThat(asked("data-fleet-1")).isEqualTo("2Gi"));
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void aClassThatLetsNoVolumeGrowIsNamed() {
    storageClass(false);
    try (var operator = API.operator(fleet.namespace())) {
      runs("1Gi");
      asksFor("2Gi");
      fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:Invalid");
      assertThat(message())
          .startsWith(
              "spec.storage.size is 2Gi, but PersistentVolumeClaim data-fleet-0 has 1Gi and cannot"
                  + " grow.")
          .contains("its class is StorageClass " + storageClass + ".");
      assertThat(asked(CLAIM)).isEqualTo("1Gi");
      asksFor("1Gi");
      fleet.awaitAccepted();
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void aVolumeNeverShrinks() {
    storageClass(true);
    try (var operator = API.operator(fleet.namespace())) {
      runs("2Gi");
      asksFor("1Gi");
      fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:Invalid");
      assertThat(message())
          .isEqualTo(
              "spec.storage.size is 1Gi, but PersistentVolumeClaim data-fleet-0 has 2Gi: a volume"
                  + " cannot shrink. Set the size to 2Gi or more.");
      asksFor("2048Mi");
      fleet.awaitAccepted();
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  @Test
  void aClaimOfSomebodyElseIsLeftAlone() {
    storageClass(true);
    try (var operator = API.operator(fleet.namespace())) {
      runs("1Gi");
      claim("data-other-0", "1Gi");
      asksFor("2Gi");
      await().atMost(Fleet.BOUND).untilAsserted(() -> assertThat(asked(CLAIM)).isEqualTo("2Gi"));
      assertThat(asked("data-other-0")).isEqualTo("1Gi");
      assertThat(operator.requests().isCut()).isFalse();
    }
  }

  private void runs(String size) {
    asksFor(size);
    fleet.awaitAccepted();
    claim(CLAIM, size);
  }

  private void asksFor(String size) {
    fleet.broker("{storage: {size: %s, storageClassName: %s}}".formatted(size, storageClass));
  }

  private void storageClass(boolean letsVolumesGrow) {
    API.client()
        .resource(
            new StorageClassBuilder()
                .withNewMetadata()
                .withName(storageClass)
                .endMetadata()
                .withProvisioner("nobody")
                .withAllowVolumeExpansion(letsVolumesGrow)
                .build())
        .create();
  }

  /** As the StatefulSet's controller and a provisioner would make it. */
  private void claim(String name, String size) {
    var claim =
        API.client()
            .resource(
                new PersistentVolumeClaimBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(fleet.namespace())
                    .withLabels(Labels.of(Fleet.BROKER, "data"))
                    .addToLabels(Labels.RETAINED_FOR, Fleet.BROKER)
                    .endMetadata()
                    .withNewSpec()
                    .withAccessModes("ReadWriteOnce")
                    .withStorageClassName(storageClass)
                    .withVolumeName("volume")
                    .withNewResources()
                    .withRequests(Map.of("storage", new Quantity(size)))
                    .endResources()
                    .endSpec()
                    .build())
            .create();
    report(claim, size, "");
  }

  private void report(String capacity, String condition) {
    report(fleet.get(PersistentVolumeClaim.class, CLAIM), capacity, condition);
  }

  private static void report(PersistentVolumeClaim claim, String capacity, String condition) {
    API.client()
        .resource(claim)
        .editStatus(
            now -> {
              var status =
                  new PersistentVolumeClaimBuilder(now)
                      .withNewStatus()
                      .withPhase("Bound")
                      .withAccessModes("ReadWriteOnce")
                      .withCapacity(Map.of("storage", new Quantity(capacity)));
              return condition.isEmpty()
                  ? status.endStatus().build()
                  : status
                      .addNewCondition()
                      .withType(condition)
                      .withStatus("True")
                      .endCondition()
                      .endStatus()
                      .build();
            });
  }

  private String asked(String claim) {
    var requests =
        fleet.get(PersistentVolumeClaim.class, claim).getSpec().getResources().getRequests();
    return String.valueOf(requests.get("storage"));
  }

  private String message() {
    return fleet.message(MqttBroker.class, Fleet.BROKER, "Accepted");
  }

  private void awaitMessage(String part) {
    await().atMost(Fleet.BOUND).untilAsserted(() -> assertThat(message()).contains(part));
  }
}
