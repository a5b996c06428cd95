package io.mqttoperator.operator.broker.revision;

import io.mqttoperator.operator.access.BrokerAccess;
import io.mqttoperator.operator.access.Client;
import io.mqttoperator.operator.access.ClientAccess;
import io.mqttoperator.operator.access.TopicPattern;
import io.mqttoperator.operator.mosquitto.Subscription;
import io.mqttoperator.operator.testing.AskingClient;
import io.mqttoperator.operator.testing.AskingClient.Delivered;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Asks a real broker and the evaluator the same, and notes where they differ. */
final class AccessComparison implements AutoCloseable {

  /** What one client asked, and both answers. */
  record Disagreement(Client client, String question, Object defined, Object enforced) {}

  private static final String LIVE = "live";

  private final AskedBroker broker;
  private final AccessRenderer renderer = new AccessRenderer();

  /** The topics that have a retained message, whoever published it, with a right of then. */
  private final Set<String> retained = new HashSet<>();

  private final List<Disagreement> disagreements = new ArrayList<>();
  private long questions;

  AccessComparison(AccessCase first) {
    broker = new AskedBroker(CompiledAccess.of(first.plan(), renderer));
  }

  /** How many answers were compared. */
  long questions() {
    return questions;
  }

  /** Compares all answers about a case. */
  List<Disagreement> compare(AccessCase asked) {
    return compare(asked, CompiledAccess.of(asked.plan(), renderer), false);
  }

  /**
   * Compares all answers about a case.
   *
   * @param compiled what the broker is to enforce
   * @param withWills a connection more for each client: they cost time
   */
  List<Disagreement> compare(AccessCase asked, CompiledAccess compiled, boolean withWills) {
    disagreements.clear();
    broker.enforce(compiled);
    var access = asked.access();
    var clients = broker.clients(asked);
    subscribe(asked, clients, access);
    forgetRetained();
    publish(asked, clients, access);
    if (withWills) {
      leaveWills(asked, clients, access);
    }
    return List.copyOf(disagreements);
  }

  /** A client with the only subscription that it has. */
  private record Subscriber(
      Client client, ClientAccess access, AskingClient session, String filter) {}

  /** What is delivered, of what was retained before and of what is published now. */
  private void subscribe(AccessCase asked, Map<Client, AskingClient> clients, BrokerAccess access) {
    var topics = new LinkedHashSet<>(asked.topics());
    topics.removeIf(topic -> topic.startsWith("$"));
    var subscribers = new ArrayList<Subscriber>();
    clients.forEach(
        (client, session) -> {
          var filter = asked.filters().get(subscribers.size() % asked.filters().size());
          subscribers.add(new Subscriber(client, access.of(client), session, filter));
          addExamples(access.of(client), filter, topics);
        });
    subscribers.forEach(subscriber -> subscriber.session().subscribe(subscriber.filter()));
    subscribers.forEach(this::compareRetained);
    var sent = topics.stream().map(topic -> broker.watcher().publish(topic, LIVE, false)).toList();
    sent.forEach(AskingClient::await);
    for (var subscriber : subscribers) {
      subscriber.session().unsubscribe(subscriber.filter());
      compareDelivered(subscriber, topics);
    }
    broker.watcher().catchUp();
    broker.watcher().delivered();
  }

  /** The evaluator's own examples of what comes and of what does not are asked about too. */
  private static void addExamples(ClientAccess access, String filter, Set<String> topics) {
    var reach = access.subscribe(filter);
    for (var example : List.of(reach.delivered(), reach.withheld())) {
      example.filter(any -> !any.topic().startsWith("$")).ifPresent(any -> topics.add(any.topic()));
    }
  }

  private static Set<String> topicsOf(List<Delivered> messages) {
    return messages.stream().map(Delivered::topic).collect(Collectors.toCollection(HashSet::new));
  }

  private void compareRetained(Subscriber subscriber) {
    var delivered = topicsOf(subscriber.session().delivered());
    var filter = Subscription.of(subscriber.filter());
    var pattern = TopicPattern.of(filter.filter());
    for (var topic : union(union(retained, broker.system()), delivered)) {
      compare(
          subscriber.client(),
          "the retained message of '%s' with '%s'".formatted(topic, subscriber.filter()),
          filter.group().isEmpty()
              && (retained.contains(topic) || isSystem(topic))
              && pattern.covers(topic)
              && subscriber.access().receive(topic).isAllowed(),
          delivered.contains(topic));
    }
  }

  /** The broker publishes them when it likes: one that has come was there. */
  private static boolean isSystem(String topic) {
    return topic.startsWith("$SYS/");
  }

  private void compareDelivered(Subscriber subscriber, Set<String> topics) {
    var delivered = topicsOf(subscriber.session().delivered());
    var filter = subscriber.filter();
    var pattern = TopicPattern.of(Subscription.of(filter).filter());
    var reach = subscriber.access().subscribe(filter).extent();
    for (var topic : union(topics, delivered)) {
      var comes = delivered.contains(topic);
      compare(
          subscriber.client(),
          "a message of '%s' with '%s'".formatted(topic, filter),
          (topics.contains(topic) || isSystem(topic))
              && pattern.covers(topic)
              && subscriber.access().receive(topic).isAllowed(),
          comes);
      if (pattern.covers(topic)) {
        switch (reach) {
          case ALL -> compare(subscriber.client(), filter + " delivers all", true, comes);
          case NONE -> compare(subscriber.client(), filter + " delivers none", false, comes);
          case SOME, UNKNOWN -> {}
        }
      }
    }
  }

  /** Publishing, as the client sees it and as another does. */
  private void publish(AccessCase asked, Map<Client, AskingClient> clients, BrokerAccess access) {
    record Attempt(Client client, String topic, String payload, Future<Boolean> taken) {}
    var attempts = new ArrayList<Attempt>();
    var keepers = List.copyOf(clients.keySet());
    clients.forEach(
        (client, session) -> {
          for (var topic : asked.topics()) {
            var number = attempts.size();
            var isKept =
                keepers.get(Math.floorMod(topic.hashCode(), keepers.size())).equals(client);
            attempts.add(
                new Attempt(
                    client, topic, "" + number, session.publish(topic, "" + number, isKept)));
            if (isKept && access.of(client).publish(topic).isAllowed()) {
              retained.add(topic);
            }
          }
        });
    attempts.forEach(attempt -> AskingClient.await(attempt.taken()));
    broker.watcher().catchUp();
    var seen = new HashSet<>(broker.watcher().delivered());
    for (var attempt : attempts) {
      var allowed = access.of(attempt.client()).publish(attempt.topic()).isAllowed();
      var question = "publish '%s'".formatted(attempt.topic());
      compare(attempt.client(), question, allowed, AskingClient.await(attempt.taken()));
      compare(
          attempt.client(),
          question + ", seen by another",
          allowed,
          seen.contains(new Delivered(attempt.topic(), attempt.payload())));
    }
  }

  private void leaveWills(
      AccessCase asked, Map<Client, AskingClient> clients, BrokerAccess access) {
    for (var client : clients.keySet()) {
      var topic = asked.topics().get(Math.floorMod(client.hashCode(), asked.topics().size()));
      if (topic.startsWith("$CONTROL/")) {
        continue;
      }
      broker.leaveAWill(client, topic);
      broker.watcher().catchUp();
      compare(
          client,
          "a will of '%s'".formatted(topic),
          access.of(client).publish(topic).isAllowed(),
          topicsOf(broker.watcher().delivered()).contains(topic));
    }
  }

  private void forgetRetained() {
    retained.stream()
        .map(topic -> broker.watcher().publish(topic, "", true))
        .toList()
        .forEach(AskingClient::await);
    retained.clear();
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    var all = new LinkedHashSet<>(one);
    all.addAll(other);
    return all;
  }

  private void compare(Client client, String question, boolean defined, boolean enforced) {
    questions++;
    if (defined != enforced) {
      disagreements.add(new Disagreement(client, question, defined, enforced));
    }
  }

  /** What the broker has logged. */
  String log() {
    return broker.log();
  }

  @Override
  public void close() {
    broker.close();
  }
}
