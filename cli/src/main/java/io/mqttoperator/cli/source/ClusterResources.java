package io.mqttoperator.cli.source;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads the resources of a cluster: what the role {@code view} may, and no Secrets. */
public final class ClusterResources {

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final KubernetesClient client;
  private final Map<ResourceId, MqttBroker> brokers = new LinkedHashMap<>();
  private final Map<ResourceId, MqttUser> users = new LinkedHashMap<>();
  private final Map<ResourceId, MqttAcl> acls = new LinkedHashMap<>();
  private final Set<String> read = new LinkedHashSet<>();
  private final List<String> notes = new ArrayList<>();

  private ClusterResources(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Reads some namespaces, and those that their users and ACLs refer to.
   *
   * @param everywhere all namespaces, where that is allowed
   */
  public static Inventory read(
      KubernetesClient client, Set<String> namespaces, boolean everywhere) {
    var resources = new ClusterResources(client);
    if (!everywhere || !resources.readEverywhere()) {
      namespaces.forEach(resources::readNamespace);
      resources.referenced().forEach(resources::readNamespace);
    }
    return resources.inventory();
  }

  /**
   * The name of the only broker of a namespace.
   *
   * @throws IllegalArgumentException if there is none, or more than one
   */
  public static String onlyBroker(KubernetesClient client, String namespace) {
    var names =
        client.resources(MqttBroker.class).inNamespace(namespace).list().getItems().stream()
            .map(broker -> broker.getMetadata().getName())
            .toList();
    if (names.size() == 1) {
      return names.getFirst();
    }
    throw new IllegalArgumentException(
        names.isEmpty()
            ? "there is no MqttBroker in namespace %s.".formatted(namespace)
            : "there are several MqttBrokers in namespace %s: name one of %s."
                .formatted(namespace, String.join(", ", names)));
  }

  private boolean readEverywhere() {
    try {
      put(brokers, client.resources(MqttBroker.class).inAnyNamespace().list().getItems());
      put(users, client.resources(MqttUser.class).inAnyNamespace().list().getItems());
      put(acls, client.resources(MqttAcl.class).inAnyNamespace().list().getItems());
      return true;
    } catch (KubernetesClientException failed) {
      if (failed.getCode() != FORBIDDEN) {
        throw failed;
      }
      notes.add("You may not list all namespaces: tenants' users and ACLs may be missing here.");
      return false;
    }
  }

  private void readNamespace(String namespace) {
    if (!read.add(namespace)) {
      return;
    }
    try {
      put(brokers, client.resources(MqttBroker.class).inNamespace(namespace).list().getItems());
      put(users, client.resources(MqttUser.class).inNamespace(namespace).list().getItems());
      put(acls, client.resources(MqttAcl.class).inNamespace(namespace).list().getItems());
    } catch (KubernetesClientException failed) {
      if (failed.getCode() != FORBIDDEN) {
        throw failed;
      }
      notes.add("You may not read namespace %s: what it holds is not known.".formatted(namespace));
    }
  }

  private Set<String> referenced() {
    var namespaces = new LinkedHashSet<String>();
    users.values().forEach(user -> namespaces.add(Inventory.brokerOf(user).namespace()));
    acls.values().forEach(acl -> namespaces.add(Inventory.brokerOf(acl).namespace()));
    return namespaces;
  }

  private static <T extends HasMetadata> void put(Map<ResourceId, T> found, List<T> items) {
    items.forEach(item -> found.put(ResourceId.of(item), item));
  }

  private Inventory inventory() {
    return new Inventory(
        List.copyOf(brokers.values()),
        List.copyOf(users.values()),
        List.copyOf(acls.values()),
        namespaces(),
        Map.of(),
        Map.of(),
        true,
        notes);
  }

  /** Only tenants' labels are asked for: who owns a broker without any need not read them. */
  private Map<String, Map<String, String>> namespaces() {
    var labels = new HashMap<String, Map<String, String>>();
    users.values().stream()
        .filter(
            user -> !Inventory.brokerOf(user).namespace().equals(user.getMetadata().getNamespace()))
        .map(user -> user.getMetadata().getNamespace())
        .distinct()
        .forEach(namespace -> labels(namespace).forEach(known -> labels.put(namespace, known)));
    acls.values().stream()
        .filter(
            acl -> !Inventory.brokerOf(acl).namespace().equals(acl.getMetadata().getNamespace()))
        .map(acl -> acl.getMetadata().getNamespace())
        .distinct()
        .filter(namespace -> !labels.containsKey(namespace))
        .forEach(namespace -> labels(namespace).forEach(known -> labels.put(namespace, known)));
    return labels;
  }

  private List<Map<String, String>> labels(String namespace) {
    try {
      Function<io.fabric8.kubernetes.api.model.Namespace, Map<String, String>> labelsOf =
          found ->
              found.getMetadata().getLabels() == null ? Map.of() : found.getMetadata().getLabels();
      var found = client.namespaces().withName(namespace).get();
      return found == null ? List.of() : List.of(labelsOf.apply(found));
    } catch (KubernetesClientException failed) {
      if (failed.getCode() != FORBIDDEN && failed.getCode() != NOT_FOUND) {
        throw failed;
      }
      notes.add("You may not read Namespace %s: its labels are not known.".formatted(namespace));
      return List.of();
    }
  }
}
