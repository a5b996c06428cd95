package io.mqttoperator.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.cli.figures.BrokerName;
import io.mqttoperator.cli.figures.Figures;
import io.mqttoperator.cli.figures.OperatorMetrics;
import io.mqttoperator.cli.figures.UnreadableMetricsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A broker, with what the cluster tells of it.
 *
 * @param figures of the operator's metrics; empty where they cannot be read
 * @param events about the broker, the newest first
 * @param notes what could not be read
 */
record BrokerView(
    MqttBroker broker, List<Pod> pods, Figures figures, List<Event> events, List<String> notes) {

  private static final int MOST_EVENTS = 5;
  private static final int FORBIDDEN = 403;

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if there is no such broker
   */
  static BrokerView read(
      KubernetesClient client, OperatorMetrics metrics, String namespace, String name) {
    var broker = client.resources(MqttBroker.class).inNamespace(namespace).withName(name).get();
    if (broker == null) {
      throw new IllegalArgumentException(
          "there is no MqttBroker %s in namespace %s.".formatted(name, namespace));
    }
    var notes = new ArrayList<String>();
    List<Pod> pods = List.of();
    List<Event> events = List.of();
    try {
      pods =
          client
              .pods()
              .inNamespace(namespace)
              .withLabel("app.kubernetes.io/name", "mosquitto")
              .withLabel("app.kubernetes.io/instance", name)
              .list()
              .getItems();
    } catch (KubernetesClientException failed) {
      notes.add(forbidden(failed, "pods"));
    }
    try {
      events = events(client, broker);
    } catch (KubernetesClientException failed) {
      notes.add(forbidden(failed, "events"));
    }
    var figures = Figures.parse("");
    try {
      figures = metrics.read(client);
    } catch (UnreadableMetricsException unreadable) {
      notes.add(unreadable.getMessage());
    }
    return new BrokerView(broker, pods, figures, events, notes);
  }

  private static String forbidden(KubernetesClientException failed, String what) {
    if (failed.getCode() != FORBIDDEN) {
      throw failed;
    }
    return "You may not list the %s of this namespace.".formatted(what);
  }

  private static List<Event> events(KubernetesClient client, MqttBroker broker) {
    var uid = broker.getMetadata().getUid();
    // In the group that the role view may read; events.k8s.io, where they are made, it may not.
    return client
        .v1()
        .events()
        .inNamespace(broker.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(
            event ->
                event.getInvolvedObject() != null
                    && Objects.equals(event.getInvolvedObject().getUid(), uid))
        .sorted(Comparator.comparing(BrokerView::timeOf).reversed())
        .limit(MOST_EVENTS)
        .toList();
  }

  static String timeOf(Event event) {
    return event.getEventTime() == null
        ? Objects.requireNonNullElse(event.getMetadata().getCreationTimestamp(), "")
        : event.getEventTime().getTime();
  }

  BrokerName name() {
    return new BrokerName(broker.getMetadata().getNamespace(), broker.getMetadata().getName());
  }

  boolean isReady() {
    return status().stream()
        .filter(
            status ->
                Objects.equals(status.observedGeneration(), broker.getMetadata().getGeneration()))
        .flatMap(status -> orEmpty(status.conditions()).stream())
        .anyMatch(
            condition ->
                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
  }

  Optional<MqttBrokerStatus> status() {
    return Optional.ofNullable(broker.getStatus());
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  /** A figure of one of its pods. */
  OptionalDouble figure(Pod pod, String metric) {
    return figures.ofPod(name(), pod.getMetadata().getName(), metric);
  }

  private void put(ObjectNode node, String field, Pod pod, String metric) {
    var figure = figure(pod, metric);
    if (figure.isPresent()) {
      node.put(field, (long) figure.getAsDouble());
    }
  }

  /** For programs: the status as it is, with pods and events. */
  ObjectNode json(Instant now) {
    var view = AnswerJson.object();
    view.put("namespace", broker.getMetadata().getNamespace());
    view.put("broker", broker.getMetadata().getName());
    view.put("ready", isReady());
    view.put("time", now.toString());
    view.set("status", new ObjectMapper().valueToTree(broker.getStatus()));
    var list = view.putArray("pods");
    for (var pod : pods) {
      var each =
          list.addObject()
              .put("name", pod.getMetadata().getName())
              .put("phase", pod.getStatus().getPhase());
      put(each, "clients", pod, "clients_connected");
      put(each, "connections", pod, "sockets");
    }
    var limits = view.putObject("maxConnections");
    figures.limits(name()).forEach(limits::put);
    var told = view.putArray("events");
    events.forEach(
        event ->
            told.addObject()
                .put("time", timeOf(event))
                .put("type", event.getType())
                .put("reason", event.getReason())
                .put("message", event.getMessage()));
    AnswerJson.texts(view, "notes", notes);
    return view;
  }
}
