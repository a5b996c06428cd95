package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Namespace and name: which broker a piece of work is for, whether it exists or not. */
public record ResourceKey(String namespace, String name) {

  public static ResourceKey of(HasMetadata resource) {
    return new ResourceKey(resource.getMetadata().getNamespace(), resource.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
