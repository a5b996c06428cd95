package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Devices {@code device-0}, {@code device-1}, … that publish 1, 2, 3, … at QoS 1 to {@code
 * up/device-N}, ten a second, and never connect again, and a witness that hears all of it.
 */
final class PublishingDevices implements AutoCloseable {

  static final PublishingDevices NONE = new PublishingDevices(List.of(), List.of());

  private final List<Session> witnesses;

  /** Of all of them together: as fast as they can they would overflow the queue of the witness. */
  private static final int MILLIS_BETWEEN_TWO = 5;

  private final List<Session> sessions;
  private final List<AtomicInteger> acknowledged;
  private final ScheduledExecutorService writers;

  private PublishingDevices(List<Session> witnesses, List<Session> sessions) {
    this.witnesses = witnesses;
    this.sessions = sessions;
    acknowledged = sessions.stream().map(each -> new AtomicInteger()).toList();
    writers = Executors.newScheduledThreadPool(Math.max(1, sessions.size()));
    for (int i = 0; i < sessions.size(); i++) {
      var device = i;
      var unused =
          writers.scheduleWithFixedDelay(
              () -> publish(device),
              0,
              MILLIS_BETWEEN_TWO * (long) sessions.size(),
              TimeUnit.MILLISECONDS);
    }
  }

  static PublishingDevices connect(Client witness, List<Client> devices) {
    var hears = witness.connect();
    hears.subscribe("up/#");
    return new PublishingDevices(List.of(hears), devices.stream().map(Client::connect).toList());
  }

  private void publish(int i) {
    var next = acknowledged.get(i).get() + 1;
    if (sessions.get(i).publish("up/device-" + i, Integer.toString(next)) >= 0x80) {
      throw new AssertionError("device " + i + " may not publish"); // it publishes no more then
    }
    acknowledged.get(i).set(next);
  }

  /** Each goes on, and all that was acknowledged was heard, in order. */
  void assertNothingNoticed() {
    // Of all at the same time: one after the other, many devices would take minutes.
    var before = acknowledged.stream().map(AtomicInteger::get).toList();
    Awaitility.await("more of each device")
        .atMost(Cluster.APPLY_LIMIT)
        .until(
            () ->
                IntStream.range(0, before.size())
                    .allMatch(device -> acknowledged.get(device).get() > before.get(device)));
    assertThat(sessions).allMatch(Session::isConnected);
    for (int i = 0; i < sessions.size(); i++) {
      var topic = "up/device-" + i;
      var count = acknowledged.get(i).get();
      Awaitility.await("all of " + topic)
          .atMost(Cluster.APPLY_LIMIT)
          .until(() -> heard(topic).size() >= count);
      assertThat(heard(topic).subList(0, count))
          .isEqualTo(IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList());
    }
  }

  /** All messages that were acknowledged so far. */
  int acknowledged() {
    return acknowledged.stream().mapToInt(AtomicInteger::get).sum();
  }

  private List<String> heard(String topic) {
    return witnesses.getFirst().received().stream()
        .filter(message -> message.topic().equals(topic))
        .map(Message::payload)
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    writers.shutdownNow();
    sessions.forEach(Session::close);
    witnesses.forEach(Session::close);
  }
}
