package io.mqttoperator.cli.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.ResourceKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The resources that a question is answered from.
 *
 * @param namespaces the labels of those that are known
 * @param secrets those that stand in files, by namespace and name
 * @param manifests where each resource stands, for those of files
 * @param isCluster whether what is missing here is missing there
 * @param notes what could not be read
 */
public record Inventory(
    List<MqttBroker> brokers,
    List<MqttUser> users,
    List<MqttAcl> acls,
    Map<String, Map<String, String>> namespaces,
    Map<ResourceKey, JsonNode> secrets,
    Map<ResourceId, Manifest> manifests,
    boolean isCluster,
    List<String> notes) {

  public Inventory {
    brokers = List.copyOf(brokers);
    users = List.copyOf(users);
    acls = List.copyOf(acls);
    namespaces = Map.copyOf(namespaces);
    secrets = Map.copyOf(secrets);
    manifests = Map.copyOf(manifests);
    notes = List.copyOf(notes);
  }

  /** The same with other notes. */
  public Inventory with(List<String> other) {
    return new Inventory(brokers, users, acls, namespaces, secrets, manifests, isCluster, other);
  }

  /** Where a resource stands in a file, as {@code (acls.yaml:12)}; empty for one of a cluster. */
  public Optional<String> place(ResourceId id, String pointer) {
    return Optional.ofNullable(manifests.get(id)).map(manifest -> manifest.place(pointer));
  }

  /** The broker of that name. */
  public Optional<MqttBroker> broker(ResourceKey key) {
    return brokers.stream().filter(broker -> ResourceKey.of(broker).equals(key)).findFirst();
  }

  /** The broker that a user refers to. */
  public static ResourceKey brokerOf(MqttUser user) {
    var reference = user.getSpec().brokerRef();
    return new ResourceKey(
        Optional.ofNullable(reference.namespace())
            .orElseGet(() -> user.getMetadata().getNamespace()),
        reference.name());
  }

  /** The broker that an ACL refers to. */
  public static ResourceKey brokerOf(MqttAcl acl) {
    var reference = acl.getSpec().brokerRef();
    return new ResourceKey(
        Optional.ofNullable(reference.namespace())
            .orElseGet(() -> acl.getMetadata().getNamespace()),
        reference.name());
  }

  public List<MqttUser> usersOf(ResourceKey broker) {
    return users.stream().filter(user -> brokerOf(user).equals(broker)).toList();
  }

  public List<MqttAcl> aclsOf(ResourceKey broker) {
    return acls.stream().filter(acl -> brokerOf(acl).equals(broker)).toList();
  }
}
