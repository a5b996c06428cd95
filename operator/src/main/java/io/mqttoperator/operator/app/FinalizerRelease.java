package io.mqttoperator.operator.app;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.TryAgain;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes our finalizer everywhere: for an operator that is uninstalled, and will not come back.
 * The operator is stopped first, or it would put the finalizers on again.
 */
final class FinalizerRelease {

  private static final Logger LOG = LoggerFactory.getLogger(FinalizerRelease.class);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final KubernetesClient client;
  private final Applier applier;

  FinalizerRelease(KubernetesClient client) {
    this.client = client;
    this.applier = new Applier(client);
  }

  /**
   * Scales the operator's Deployment to none, and waits until its pods are gone.
   *
   * @throws IllegalStateException if they are still there after two minutes
   */
  void stopOperator(String namespace, String deployment) throws InterruptedException {
    var resource = client.apps().deployments().inNamespace(namespace).withName(deployment);
    var found = resource.get();
    if (found == null) {
      LOG.info("there is no Deployment {}/{}", namespace, deployment);
      return;
    }
    var scale = resource.scale();
    scale.getSpec().setReplicas(0);
    resource.scale(scale);
    var pods =
        client.pods().inNamespace(namespace).withLabelSelector(found.getSpec().getSelector());
    var deadline = System.nanoTime() + STOP_LIMIT.toNanos();
    while (!pods.list().getItems().isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the pods of Deployment %s/%s do not end".formatted(namespace, deployment));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
    }
  }

  /**
   * Releases all users and ACLs.
   *
   * @param namespaces empty: all
   * @return how many there were
   */
  int run(Set<String> namespaces) {
    var held =
        Stream.of(MqttUser.class, MqttAcl.class)
            .flatMap(kind -> list(kind, namespaces))
            .filter(resource -> resource.getFinalizers().contains(Labels.FINALIZER))
            .toList();
    held.forEach(this::release);
    return held.size();
  }

  private Stream<? extends HasMetadata> list(
      Class<? extends HasMetadata> kind, Set<String> namespaces) {
    var resources = client.resources(kind);
    return namespaces.isEmpty()
        ? resources.inAnyNamespace().list().getItems().stream()
        : namespaces.stream()
            .flatMap(name -> resources.inNamespace(name).list().getItems().stream());
  }

  /** Somebody else may write meanwhile: then it is tried again with what there is now. */
  private void release(HasMetadata listed) {
    for (HasMetadata resource = listed;
        resource != null;
        resource = client.resource(listed).get()) {
      List<String> others =
          resource.getFinalizers().stream().filter(name -> !Labels.FINALIZER.equals(name)).toList();
      try {
        applier.setFinalizers(resource, others);
        return;
      } catch (TryAgain changed) {
        LOG.debug("{}", changed.getMessage());
      }
    }
  }
}
