package io.mqttoperator.cli;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.cli.source.Inventory;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.access.TenantBounds;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.forecast.BrokerForecast;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.mosquitto.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the operator decides about one broker, from what is known of it here.
 *
 * @param broker empty where it is not known
 * @param unknownNamespaces tenants' namespaces, of which only the name is known
 */
record Outlook(
    ResourceKey key,
    Optional<MqttBroker> broker,
    BrokerForecast forecast,
    Set<String> unknownNamespaces,
    List<String> notes) {

  /** As much as anybody can be bound to. */
  private static final TenantBounds UNBOUNDED =
      new TenantBounds(List.of(new TopicFilter("#")), Integer.MAX_VALUE, Integer.MAX_VALUE);

  /** Decides. A broker that is not known is taken to be there, with all defaults. */
  static Outlook of(Inventory inventory, ResourceKey key) {
    var users = inventory.usersOf(key);
    var acls = inventory.aclsOf(key);
    var broker = inventory.broker(key);
    var others = new HashSet<String>();
    users.forEach(user -> others.add(user.getMetadata().getNamespace()));
    acls.forEach(acl -> others.add(acl.getMetadata().getNamespace()));
    others.remove(key.namespace());
    var unknown = new HashSet<>(others);
    unknown.removeAll(inventory.namespaces().keySet());
    var notes = new ArrayList<String>();
    if (broker.isEmpty()) {
      notes.add(
          "MqttBroker %s is not %s: it is taken to be there, with all defaults%s."
              .formatted(
                  key,
                  inventory.isCluster() ? "to be seen" : "in these files",
                  others.isEmpty() ? "" : " and without bounds for tenants"));
    } else if (!unknown.isEmpty()) {
      notes.add(
          "The labels of namespace %s are not known: only its name says whether it is a tenant."
              .formatted(String.join(", ", unknown)));
    }
    var tenancy =
        broker
            .map(known -> tenancy(known, others, unknown, inventory))
            .orElseGet(() -> new Tenancy(key.namespace(), unbounded(others)));
    var passwords = new OwnPasswords(inventory);
    var forecast =
        BrokerForecast.of(
            broker.orElseGet(() -> unnamed(key)),
            tenancy,
            users,
            acls,
            passwords::of,
            passwords::name,
            passwords::keyOf);
    notes.addAll(nameless(forecast));
    return new Outlook(key, broker, forecast, unknown, notes);
  }

  private static List<String> nameless(BrokerForecast forecast) {
    return forecast.plan().users().stream()
        .filter(user -> user.accepted().isTrue() && user.seen().username().isEmpty())
        .map(user -> Ruling.nameless(user) + ".")
        .toList();
  }

  /** Of a namespace whose labels are not known, its name alone can say that it is a tenant. */
  private static Tenancy tenancy(
      MqttBroker broker, Set<String> namespaces, Set<String> unknown, Inventory inventory) {
    var labelled = new HashSet<>(namespaces);
    labelled.removeAll(unknown);
    var tenants = new HashMap<String, TenantBounds>();
    tenants.putAll(
        BrokerForecast.tenancy(
                broker,
                labelled,
                namespace -> Optional.ofNullable(inventory.namespaces().get(namespace)),
                true)
            .tenants());
    tenants.putAll(
        BrokerForecast.tenancy(
                broker,
                unknown,
                namespace -> Optional.of(Map.of("kubernetes.io/metadata.name", namespace)),
                false)
            .tenants());
    return new Tenancy(broker.getMetadata().getNamespace(), tenants);
  }

  private static Map<String, TenantBounds> unbounded(Set<String> namespaces) {
    var bounds = new HashMap<String, TenantBounds>();
    namespaces.forEach(namespace -> bounds.put(namespace, UNBOUNDED));
    return bounds;
  }

  private static MqttBroker unnamed(ResourceKey key) {
    var broker = new MqttBroker();
    broker.setMetadata(
        new ObjectMetaBuilder().withNamespace(key.namespace()).withName(key.name()).build());
    return broker;
  }

  /** What is decided about a user. */
  UserDecision decision(MqttUser user) {
    return forecast.plan().users().stream()
        .filter(decision -> decision.seen().uid().equals(user.getMetadata().getUid()))
        .findFirst()
        .orElseThrow();
  }
}
