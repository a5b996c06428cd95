package io.mqttoperator.e2e.outage;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The clients of a broker: for each QoS some feeds, each from one pod to another, and some clients
 * that come by the Service.
 */
final class Fleet implements AutoCloseable {

  /** Between two messages of a feed. */
  static final Duration INTERVAL = Duration.ofMillis(50);

  private static final int FEEDS = 3;
  private static final int ROAMERS = 3;
  private static final int MESSAGES_AFTER = 20;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** What is missing after so long a time in which newer messages arrived is lost. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<Feed> feeds;
  private final List<Device> roamers;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  /** What there was when a measurement began. */
  record Window(
      long openedAt, Map<Feed, Integer> published, Map<Feed, Integer> refusals, int sessions) {}

  private Fleet(List<Feed> feeds, List<Device> roamers) {
    this.feeds = feeds;
    this.roamers = roamers;
  }

  /** The users and rules that it needs. */
  static String manifests(int replicas) {
    return Stream.concat(
            places(replicas).stream()
                .flatMap(place -> Stream.of(place.publisher(), place.subscriber())),
            IntStream.range(0, ROAMERS).mapToObj(Fleet::roamer))
        .map(Access::user)
        .collect(Collectors.joining());
  }

  static Fleet of(BrokerUnderChange broker) {
    var feeds =
        places(broker.spec().replicas()).stream()
            .map(place -> new Feed(place, broker.broker()::login, broker.routes()::toPod))
            .toList();
    var roamers =
        IntStream.range(0, ROAMERS)
            .mapToObj(Fleet::roamer)
            .map(name -> roamer(name, broker))
            .toList();
    return new Fleet(feeds, roamers);
  }

  private static List<Feed.Place> places(int replicas) {
    var places = new ArrayList<Feed.Place>();
    for (var qos : MqttQos.values()) {
      for (int i = 0; i < FEEDS; i++) {
        places.add(new Feed.Place(qos, i, i % replicas, (i + 1) % replicas));
      }
    }
    return places;
  }

  private static String roamer(int index) {
    return "roamer-" + index;
  }

  private static Device roamer(String name, BrokerUnderChange broker) {
    var subscription =
        new Device.Subscription(Feed.Place.ROOT + name, MqttQos.AT_LEAST_ONCE, payload -> {});
    return new Device(
        name,
        broker.broker().login(name),
        Device.Session.ENDED,
        broker.routes().toService(),
        Optional.of(subscription));
  }

  /** Connects all, and publishes from then on. */
  void start() {
    all().forEach(Device::start);
    awaitServed();
    var unused =
        clock.scheduleAtFixedRate(
            () -> feeds.forEach(Feed::publishNext), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Stream<Device> all() {
    return Stream.concat(pinned(), roamers.stream());
  }

  private Stream<Device> pinned() {
    return feeds.stream().flatMap(feed -> feed.devices().stream());
  }

  void awaitServed() {
    Awaitility.await("all clients are connected")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> all().allMatch(Device::isServed));
  }

  int clients() {
    return (int) pinned().count();
  }

  int roamers() {
    return roamers.size();
  }

  Window open() {
    return new Window(
        System.nanoTime(),
        feeds.stream().collect(Collectors.toMap(feed -> feed, feed -> feed.ledger().published())),
        feeds.stream().collect(Collectors.toMap(feed -> feed, feed -> feed.refusals().size())),
        newSessions());
  }

  /** The reason codes with which messages were refused. */
  List<String> refusals(Window window) {
    return feeds.stream()
        .flatMap(feed -> feed.refusals().stream().skip(window.refusals().getOrDefault(feed, 0)))
        .toList();
  }

  /** Of the clients that have a pod of their own: how often it did not know their session. */
  int newSessions() {
    return pinned().mapToInt(Device::newSessions).sum();
  }

  /** How often clients that have a pod of their own were away, from the start. */
  int absences() {
    return pinned().mapToInt(device -> device.absences().size()).sum();
  }

  List<Absence> absences(Window window) {
    return since(window, pinned());
  }

  List<Absence> roamersAbsences(Window window) {
    return since(window, roamers.stream());
  }

  private static List<Absence> since(Window window, Stream<Device> devices) {
    return devices
        .flatMap(device -> device.absences().stream())
        .filter(absence -> absence.lostAt() - window.openedAt() >= 0)
        .toList();
  }

  /**
   * Waits until all clients are connected and everything has arrived that was published until a
   * second from now, or will not arrive any more.
   */
  Map<MqttQos, Tally> settle(Window window) {
    awaitServed();
    var numbers =
        feeds.stream()
            .collect(
                Collectors.toMap(
                    feed -> feed,
                    feed ->
                        new Numbers(
                            window.published().getOrDefault(feed, 0) + 1,
                            feed.ledger().published() + MESSAGES_AFTER)));
    awaitArrival(numbers);
    awaitServed();
    var tallies = new EnumMap<MqttQos, Tally>(MqttQos.class);
    numbers.forEach(
        (feed, range) -> tallies.merge(feed.qos(), feed.ledger().tally(range), Tally::plus));
    return tallies;
  }

  private static void awaitArrival(Map<Feed, Numbers> numbers) {
    var missing = new Missing();
    try {
      Awaitility.await("the messages of all feeds")
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () ->
                  numbers.entrySet().stream()
                          .allMatch(
                              entry -> entry.getKey().ledger().newest() >= entry.getValue().last())
                      && missing.isFinal(numbers));
    } catch (ConditionTimeoutException someFeedIsSilent) {
      // Its messages count as lost.
      return;
    }
  }

  /** Counts what should arrive and has not. */
  private static final class Missing {
    private int count = Integer.MAX_VALUE;
    private long changedAt;

    boolean isFinal(Map<Feed, Numbers> numbers) {
      var now =
          numbers.entrySet().stream()
              .filter(entry -> entry.getKey().qos() != MqttQos.AT_MOST_ONCE)
              .mapToInt(entry -> entry.getKey().ledger().tally(entry.getValue()).lost())
              .sum();
      if (now != count) {
        count = now;
        changedAt = System.nanoTime();
      }
      return count == 0 || System.nanoTime() - changedAt > PATIENCE.toNanos();
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    feeds.forEach(Feed::close);
    roamers.forEach(Device::close);
  }
}
