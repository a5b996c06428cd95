package io.mqttoperator.e2e.outage;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A broker's spec. Each method gives a changed copy.
 *
 * <p>A path names a field by dots, and an element of a list by its {@code name}: {@code
 * listeners.spare.port}.
 */
record BrokerSpec(String yaml) {

  /** As a value: the field is left out. */
  static final Object ABSENT = new Object();

  /** The listener that the fleet's clients use. */
  static final String CLIENTS = "mqtts";

  /** A listener beside it that nobody uses. */
  static final String SPARE = "spare";

  private static final String LISTENERS = "listeners";

  static BrokerSpec of(int replicas) {
    return new BrokerSpec(
        """
        replicas: %d
        listeners:
          - {name: %s, port: 8883, maxConnections: 100}
          - {name: %s, port: 8900, maxConnections: 100}
        """
            .formatted(replicas, CLIENTS, SPARE));
  }

  int replicas() {
    return ((Number) Objects.requireNonNull(tree().get("replicas"))).intValue();
  }

  BrokerSpec with(String path, Object value) {
    var tree = tree();
    var steps = List.of(path.split("\\.", -1));
    var isOfListener = steps.getFirst().equals(LISTENERS);
    var parent = isOfListener ? listener(tree, steps.get(1)) : tree;
    for (var step : steps.subList(isOfListener ? 2 : 0, steps.size() - 1)) {
      parent = map(parent, step);
    }
    if (value == ABSENT) {
      parent.remove(steps.getLast());
      // What holds nothing would be written as null, which is no object.
      tree.values().removeIf(Map.of()::equals);
    } else {
      parent.put(steps.getLast(), value);
    }
    return new BrokerSpec(Serialization.asYaml(tree));
  }

  BrokerSpec withListener(Map<String, Object> listener) {
    var tree = tree();
    var listeners = new ArrayList<>(list(tree, LISTENERS));
    listeners.add(listener);
    tree.put(LISTENERS, listeners);
    return new BrokerSpec(Serialization.asYaml(tree));
  }

  BrokerSpec withoutListener(String name) {
    var tree = tree();
    tree.put(
        LISTENERS,
        list(tree, LISTENERS).stream().filter(one -> !name.equals(one.get("name"))).toList());
    return new BrokerSpec(Serialization.asYaml(tree));
  }

  private static Map<String, Object> listener(Map<String, Object> tree, String name) {
    return list(tree, LISTENERS).stream()
        .filter(one -> name.equals(one.get("name")))
        .findFirst()
        .orElseThrow();
  }

  @SuppressWarnings("unchecked") // A tree of YAML.
  private static Map<String, Object> map(Map<String, Object> parent, String key) {
    return (Map<String, Object>)
        Objects.requireNonNull(
            parent.computeIfAbsent(key, missing -> new LinkedHashMap<String, Object>()));
  }

  @SuppressWarnings("unchecked") // A tree of YAML.
  private static List<Map<String, Object>> list(Map<String, Object> parent, String key) {
    return (List<Map<String, Object>>) Objects.requireNonNull(parent.get(key), key);
  }

  @SuppressWarnings("unchecked") // A tree of YAML.
  private Map<String, Object> tree() {
    return Serialization.unmarshal(yaml, Map.class);
  }
}
