package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserStatus;
import io.mqttoperator.operator.testing.KubernetesApi;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody else writes between what we saw and what we write. */
class ConflictTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private final String namespace = API.namespace();
  private final KubernetesClient client = API.clientWith(() -> {});
  private final Applier applier = new Applier(client);
  private MqttUser owner = new MqttUser();

  @BeforeEach
  void makeOwner() {
    owner = user();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private MqttUser user() {
    API.apply(
        namespace,
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: MqttUser
        metadata: {name: anna}
        spec: {brokerRef: {name: fleet}}
        """);
    return API.client().resources(MqttUser.class).inNamespace(namespace).withName("anna").get();
  }

  private Secret secret(String value) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName("anna-mqtt")
        .withLabels(Labels.of("fleet", "credentials"))
        .withOwnerReferences(Ownership.controlledBy(owner))
        .endMetadata()
        .addToData("x", value)
        .build();
  }

  private Service service(int port) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName("anna")
        .withLabels(Labels.of("fleet", "network"))
        .withOwnerReferences(Ownership.controlledBy(owner))
        .endMetadata()
        .withNewSpec()
        .addNewPort()
        .withPort(port)
        .endPort()
        .endSpec()
        .build();
  }

  private static void patch(HasMetadata object, String merge) {
    API.client().resource(object).patch(PatchContext.of(PatchType.JSON_MERGE), merge);
  }

  @Test
  void aSecretThatChangedMeanwhileIsNotOverwritten() {
    var seen = applier.apply(secret("YQ=="), null, owner);
    patch(seen, "{\"metadata\":{\"labels\":{\"mine\":\"1\"}}}");
    assertThatThrownBy(() -> applier.apply(secret("Yg=="), seen, owner))
        .isInstanceOf(TryAgain.class);
    var live = API.client().resource(seen).get();
    assertThat(live.getData()).containsEntry("x", "YQ==");
    var written = applier.apply(secret("Yg=="), live, owner);
    assertThat(written.getMetadata().getLabels()).containsEntry("mine", "1");
    assertThat(written.getData()).containsEntry("x", "Yg==");
  }

  @Test
  void whatWasNotSeenYetIsNotMadeAgain() {
    applier.apply(secret("YQ=="), null, owner);
    assertThatThrownBy(() -> applier.apply(secret("Yg=="), null, owner))
        .isInstanceOf(TryAgain.class);
    assertThat(API.client().resource(secret("")).get().getData()).containsEntry("x", "YQ==");
  }

  @Test
  void anObjectMadeAgainMeanwhileIsNeitherAppliedToNorDeleted() {
    var seen = applier.apply(service(1), null, owner);
    API.client().resource(seen).delete();
    var theirs = service(7);
    theirs.getMetadata().setOwnerReferences(List.of());
    var made = API.client().resource(theirs).create();
    assertThatThrownBy(() -> applier.apply(service(2), seen, owner)).isInstanceOf(TryAgain.class);
    assertThatThrownBy(() -> applier.delete(seen)).isInstanceOf(TryAgain.class);
    assertThat(API.client().resource(made).get().getMetadata().getResourceVersion())
        .isEqualTo(made.getMetadata().getResourceVersion());
  }

  @Test
  void anObjectThatIsGoneIsMadeInTheNextPass() {
    var seen = applier.apply(service(1), null, owner);
    API.client().resource(seen).delete();
    assertThatThrownBy(() -> applier.apply(service(2), seen, owner)).isInstanceOf(TryAgain.class);
    applier.delete(seen);
    assertThat(applier.apply(service(2), null, owner).getMetadata().getUid()).isNotNull();
  }

  @Test
  void aStatusIsNotGivenToAnotherObjectOfThatName() {
    var statuses = new StatusWriter(client);
    var status = new MqttUserStatus(1L, List.of(), "anna", null, null);
    statuses.write(owner, null, status);
    assertThat(API.client().resource(owner).get().getStatus().username()).isEqualTo("anna");
    var old = owner;
    API.client().resource(owner).delete();
    var made = user();
    statuses.write(old, null, new MqttUserStatus(1L, List.of(), "other", null, null));
    var live = API.client().resource(made).get();
    assertThat(live.getStatus() == null || !"other".equals(live.getStatus().username())).isTrue();
    statuses.write(made, null, status);
    assertThat(API.client().resource(made).get().getStatus().username()).isEqualTo("anna");
  }

  @Test
  void finalizersOfOthersAreNotLost() {
    patch(owner, "{\"metadata\":{\"finalizers\":[\"example.org/other\"]}}");
    assertThatThrownBy(() -> applier.setFinalizers(owner, List.of(Labels.FINALIZER)))
        .isInstanceOf(TryAgain.class);
    assertThat(API.client().resource(owner).get().getFinalizers())
        .containsExactly("example.org/other");
  }
}
