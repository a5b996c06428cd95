package io.mqttoperator.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Certificate that cert-manager issues into a Secret. */
record CertManagerCertificate(Cluster cluster, String name) {

  private static final ResourceDefinitionContext CERTIFICATES =
      new ResourceDefinitionContext.Builder()
          .withGroup("cert-manager.io")
          .withVersion("v1")
          .withPlural("certificates")
          .withNamespaced(true)
          .build();

  void awaitIssued() {
    cluster
        .kubectl()
        .run("wait", "--for=condition=Ready", "certificate/" + name, "--timeout=1m")
        .orFail();
  }

  void patch(String merge) {
    cluster.kubectl().run("patch", "certificate", name, "--type=merge", "-p", merge).orFail();
  }

  /** Asks for another one now, by the condition that {@code cmctl renew} sets. */
  void renew() {
    resource()
        .editStatus(
            certificate -> {
              List<Map<String, Object>> conditions =
                  new ArrayList<>(
                      certificate.<List<Map<String, Object>>>get("status", "conditions"));
              conditions.removeIf(condition -> "Issuing".equals(condition.get("type")));
              conditions.add(
                  Map.of(
                      "type", "Issuing",
                      "status", "True",
                      "reason", "ManuallyTriggered",
                      "message", "Asked for by a test"));
              Map<String, Object> status = certificate.get("status");
              status.put("conditions", conditions);
              return certificate;
            });
  }

  private Resource<GenericKubernetesResource> resource() {
    return cluster
        .client()
        .genericKubernetesResources(CERTIFICATES)
        .inNamespace(cluster.namespace())
        .withName(name);
  }
}
