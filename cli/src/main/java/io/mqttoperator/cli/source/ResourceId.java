package io.mqttoperator.cli.source;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Which resource. */
public record ResourceId(String kind, String namespace, String name) {

  public static ResourceId of(HasMetadata resource) {
    return new ResourceId(
        resource.getKind(),
        resource.getMetadata().getNamespace(),
        resource.getMetadata().getName());
  }

  /** As {@code MqttUser plant/sensor-1}. */
  @Override
  public String toString() {
    return kind + " " + namespace + "/" + name;
  }
}
