package io.mqttoperator.operator.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import java.util.List;

/** The kinds that the operator watches. */
public final class Kinds {

  private static final List<Class<? extends KubernetesResource>> WATCHED =
      List.of(
          MqttBroker.class,
          MqttUser.class,
          MqttAcl.class,
          Secret.class,
          ConfigMap.class,
          Service.class,
          ServiceAccount.class,
          StatefulSet.class,
          Pod.class,
          PersistentVolumeClaim.class,
          PodDisruptionBudget.class,
          NetworkPolicy.class,
          Namespace.class,
          Lease.class,
          // What a watch says when it cannot go on.
          Status.class);

  private Kinds() {}

  /**
   * The forms of these kinds. The client would otherwise load the classes of all kinds of the
   * Kubernetes API: some ten megabytes.
   */
  public static KubernetesSerialization serialization() {
    var serialization = new KubernetesSerialization(new ObjectMapper(), false);
    WATCHED.forEach(serialization::registerKubernetesResource);
    return serialization;
  }
}
