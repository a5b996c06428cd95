package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

/** Makes the fields that a create of ours wrote those of our server-side apply. */
final class CreatedFields {

  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;

  CreatedFields(KubernetesClient client) {
    this.client = client;
  }

  /**
   * What a create wrote is owned by an "Update" entry of ours, which a later apply would not drop:
   * the entry is turned into an "Apply" one (as kubectl does in client-go's csaupgrade).
   */
  void takeOver(HasMetadata desired) {
    var live = client.resource(desired).get();
    if (live == null) {
      return;
    }
    var entries = live.getMetadata().getManagedFields();
    for (int i = 0; i < entries.size(); i++) {
      var entry = entries.get(i);
      if (Applier.FIELD_MANAGER.equals(entry.getManager())
          && "Update".equals(entry.getOperation())
          && entry.getSubresource() == null) {
        var patch =
            """
            [{"op":"test","path":"/metadata/resourceVersion","value":"%s"},
             {"op":"replace","path":"/metadata/managedFields/%d/operation","value":"Apply"}]
            """
                .formatted(live.getMetadata().getResourceVersion(), i);
        patchAsSeen(live, patch);
        return;
      }
    }
  }

  /** A JSON patch whose test fails is answered like an invalid one: 422. */
  private void patchAsSeen(HasMetadata seen, String patch) {
    try {
      client.resource(seen).patch(PatchContext.of(PatchType.JSON), patch);
    } catch (KubernetesClientException refused) {
      if (ApiRefusal.isOutdated(refused) || refused.getCode() == UNPROCESSABLE) {
        throw new TryAgain(Applier.describe(seen) + " changed meanwhile", refused);
      }
      throw refused;
    }
  }
}
