package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Devices {@code device-0}, {@code device-1}, … that publish 1, 2, 3, … at QoS 1 to {@code
 * up/device-N} without a pause and never connect again, and a witness that hears all of it.
 */
final class PublishingDevices implements AutoCloseable {

  static final PublishingDevices NONE = new PublishingDevices(List.of(), List.of());

  private final List<Session> witnesses;
  private final List<Session> sessions;
  private final List<AtomicInteger> acknowledged;
  private final List<Thread> writers;
  private volatile boolean isStopped;

  private PublishingDevices(List<Session> witnesses, List<Session> sessions) {
    this.witnesses = witnesses;
    this.sessions = sessions;
    acknowledged = sessions.stream().map(each -> new AtomicInteger()).toList();
    writers =
        IntStream.range(0, sessions.size())
            .mapToObj(i -> Thread.ofVirtual().start(() -> publish(i)))
            .toList();
  }

  static PublishingDevices connect(Client witness, List<Client> devices) {
    var hears = witness.connect();
    hears.subscribe("up/#");
    return new PublishingDevices(List.of(hears), devices.stream().map(Client::connect).toList());
  }

  private void publish(int i) {
    while (!isStopped) {
      var next = acknowledged.get(i).get() + 1;
      if (sessions.get(i).publish("up/device-" + i, Integer.toString(next)) >= 0x80) {
        return; // found by who waits for more
      }
      acknowledged.get(i).set(next);
    }
  }

  /** Each goes on, and all that was acknowledged was heard, in order. */
  void assertNothingNoticed() {
    for (int i = 0; i < sessions.size(); i++) {
      var device = i;
      var before = acknowledged.get(i).get();
      Awaitility.await("more of device " + i)
          .atMost(Cluster.APPLY_LIMIT)
          .until(() -> acknowledged.get(device).get() > before);
    }
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

  private List<String> heard(String topic) {
    return witnesses.getFirst().received().stream()
        .filter(message -> message.topic().equals(topic))
        .map(Message::payload)
        .distinct()
        .toList();
  }

  @Override
  public void close() {
    isStopped = true;
    for (var writer : writers) {
      try {
        writer.join();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
    sessions.forEach(Session::close);
    witnesses.forEach(Session::close);
  }
}
