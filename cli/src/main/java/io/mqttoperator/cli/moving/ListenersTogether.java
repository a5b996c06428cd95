package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.existing.ExistingListener;
import io.mqttoperator.cli.existing.ExistingOption;
import io.mqttoperator.operator.mosquitto.BrokerOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Limits that Mosquitto has for each listener, and an MqttBroker for all. */
final class ListenersTogether {

  private final List<ExistingListener> listeners;
  private final ObjectNode spec;
  private final LeftOvers left;

  ListenersTogether(List<ExistingListener> listeners, ObjectNode spec, LeftOvers left) {
    this.listeners = listeners;
    this.spec = spec;
    this.left = left;
  }

  void write() {
    write("maxQos", BrokerOption.MAX_QOS, "max_qos", "maximum_qos");
    write("maxTopicAliases", BrokerOption.MAX_TOPIC_ALIAS, "max_topic_alias");
  }

  private void write(String field, BrokerOption limit, String... names) {
    var options = listeners.stream().map(listener -> option(listener, names)).toList();
    var given = options.stream().flatMap(Optional::stream).toList();
    if (given.isEmpty()) {
      return;
    }
    var value = given.getFirst().number();
    var isSame =
        given.size() == listeners.size()
            && given.stream().allMatch(option -> option.number() == value);
    if (isSame && value >= limit.min() && value <= limit.max()) {
      spec.withObject("/limits").put(field, value);
      return;
    }
    given.forEach(
        option ->
            left.leaveOut(
                option,
                "limits.%s is for all listeners, and these differ".formatted(field),
                "Set limits.%s if one value does for all".formatted(field)));
  }

  private static Optional<ExistingOption> option(ExistingListener listener, String... names) {
    return Stream.of(names).flatMap(name -> listener.option(name).stream()).findFirst();
  }
}
