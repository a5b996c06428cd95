package io.mqttoperator.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A broker, with what the cluster tells of it.
 *
 * @param events about the broker, the newest first
 * @param notes what could not be read
 */
record BrokerView(MqttBroker broker, List<Pod> pods, List<Event> events, List<String> notes) {

  private static final int MOST_EVENTS = 5;
  private static final int FORBIDDEN = 403;

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if there is no such broker
   */
  static BrokerView read(KubernetesClient client, String namespace, String name) {
    var broker = client.resources(MqttBroker.class).inNamespace(namespace).withName(name).get();
    if (broker == null) {
      throw new IllegalArgumentException(
          "there is no MqttBroker %s in namespace %s.".formatted(name, namespace));
    }
    var notes = new java.util.ArrayList<String>();
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
    return new BrokerView(broker, pods, events, notes);
  }

  private static String forbidden(KubernetesClientException failed, String what) {
    if (failed.getCode() != FORBIDDEN) {
      throw failed;
    }
    return "You may not list the %s of this namespace.".formatted(what);
  }

  private static List<Event> events(KubernetesClient client, MqttBroker broker) {
    var uid = broker.getMetadata().getUid();
    return client
        .events()
        .v1()
        .events()
        .inNamespace(broker.getMetadata().getNamespace())
        .list()
        .getItems()
        .stream()
        .filter(
            event ->
                event.getRegarding() != null && Objects.equals(event.getRegarding().getUid(), uid))
        .sorted(Comparator.comparing(BrokerView::timeOf).reversed())
        .limit(MOST_EVENTS)
        .toList();
  }

  static String timeOf(Event event) {
    return event.getEventTime() == null
        ? Objects.requireNonNullElse(event.getMetadata().getCreationTimestamp(), "")
        : event.getEventTime().getTime();
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

  /** For programs: the status as it is, with pods and events. */
  ObjectNode json(Instant now) {
    var view = AnswerJson.object();
    view.put("namespace", broker.getMetadata().getNamespace());
    view.put("broker", broker.getMetadata().getName());
    view.put("ready", isReady());
    view.put("time", now.toString());
    view.set("status", new ObjectMapper().valueToTree(broker.getStatus()));
    var list = view.putArray("pods");
    pods.forEach(
        pod ->
            list.addObject()
                .put("name", pod.getMetadata().getName())
                .put("phase", pod.getStatus().getPhase()));
    var told = view.putArray("events");
    events.forEach(
        event ->
            told.addObject()
                .put("time", timeOf(event))
                .put("type", event.getType())
                .put("reason", event.getReason())
                .put("message", event.getNote()));
    AnswerJson.texts(view, "notes", notes);
    return view;
  }
}
