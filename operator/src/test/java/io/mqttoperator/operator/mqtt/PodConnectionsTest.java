package io.mqttoperator.operator.mqtt;

import static io.mqttoperator.operator.mqtt.InternalListener.ACCOUNT;
import static io.mqttoperator.operator.mqtt.InternalListener.NEW;
import static io.mqttoperator.operator.mqtt.InternalListener.OLD;
import static io.mqttoperator.operator.mqtt.InternalListener.SERVER_NAME;
import static io.mqttoperator.operator.mqtt.InternalListener.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttoperator.operator.mqtt.PodReport.Enforcement;
import io.mqttoperator.operator.mqtt.ProofResult.Enforced;
import io.mqttoperator.operator.mqtt.ProofResult.NotYet;
import io.mqttoperator.operator.mqtt.ProofResult.Unreachable;
import io.mqttoperator.operator.testing.OpensslAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PodConnectionsTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  @TempDir private static Path directory;
  private static OpensslAuthority authority;
  private static OpensslAuthority otherAuthority;
  private static OpensslAuthority.Leaf server;
  private static OperatorIdentity operator;

  private final Counts counts = new Counts();
  private InternalListener broker;
  private final PodConnections connections = new PodConnections(counts);

  @BeforeAll
  static void makeCertificates() throws IOException {
    authority = new OpensslAuthority(Files.createDirectory(directory.resolve("ca")), "internal");
    otherAuthority = new OpensslAuthority(Files.createDirectory(directory.resolve("new")), "new");
    server = authority.server(SERVER_NAME);
    operator = identity(authority, ACCOUNT);
  }

  @BeforeEach
  void start() {
    broker = new InternalListener(authority, server);
    broker.mosquitto.start();
  }

  @AfterEach
  void stop() {
    connections.close();
    broker.close();
  }

  /** Topics and formats as the real broker has them. */
  @Test
  void aPodTellsAllOfItsFigures() {
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    Awaitility.await()
        .atMost(LONG)
        .untilAsserted(
            () ->
                assertThat(connections.reports().get().values())
                    .singleElement()
                    .extracting(
                        PodReport::figures,
                        InstanceOfAssertFactories.map(BrokerFigure.class, Long.class))
                    .satisfies(
                        told ->
                            assertThat(told)
                                .containsOnlyKeys(BrokerFigure.values())
                                .containsEntry(BrokerFigure.CLIENTS_CONNECTED, 1L)
                                .hasEntrySatisfying(
                                    BrokerFigure.HEAP_BYTES,
                                    heap -> assertThat(heap).isPositive())));
    broker.mosquitto.kill();
    Awaitility.await()
        .atMost(LONG)
        .until(
            () ->
                connections.reports().get().values().stream()
                    .allMatch(report -> report.figures().isEmpty()));
  }

  @Test
  void aRevisionInForceIsProvenOverOneLastingConnection() {
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    assertThat(prove(NEW)).isEqualTo(new NotYet());
    assertThat(counts.connections).hasValue(1);
    assertThat(counts.answers).hasValue(3);
  }

  @Test
  void manyProofsAtOnceShareAConnection() {
    List<CompletableFuture<ProofResult>> proofs =
        IntStream.range(0, 2000)
            .mapToObj(i -> connections.prove(pod(), operator, i % 2 == 0 ? OLD : NEW, LONG))
            .toList();

    for (int i = 0; i < proofs.size(); i++) {
      assertThat(proofs.get(i).join()).isEqualTo(i % 2 == 0 ? new Enforced() : new NotYet());
    }
    assertThat(counts.connections).hasValue(1);
  }

  @Test
  void aSwitchOfRevisionsIsSeenAtOnceAndTheOldOneIsRefusedAfterIt() {
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    List<Long> latencies = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String next = i % 2 == 0 ? NEW : OLD;
      String before = i % 2 == 0 ? OLD : NEW;
      var waiting = connections.await(pod(), operator, next, LONG);
      assertThat(prove(next)).isEqualTo(new NotYet());
      broker.revision(next);
      long start = System.nanoTime();
      broker.mosquitto.reload();
      assertThat(waiting.join()).isEqualTo(new Enforced());
      latencies.add((System.nanoTime() - start) / 1_000_000);
      assertThat(prove(before)).isEqualTo(new NotYet());
    }
    assertThat(latencies.stream().sorted().toList().get(10)).isLessThan(200);
    assertThat(counts.connections).hasValue(1);
    System.out.println("SIGHUP to Enforced, ms: " + latencies.stream().sorted().toList());
  }

  @Test
  void howLongAPodAnswersNobodyWhileItTakesARevisionIsRemembered() throws InterruptedException {
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    var first = enforcement();
    broker.revision(NEW);
    broker.mosquitto.signal("STOP");
    var waiting = connections.await(pod(), operator, NEW, LONG);
    Thread.sleep(300);
    broker.mosquitto.reload();
    broker.mosquitto.signal("CONT");
    assertThat(waiting.join()).isEqualTo(new Enforced());
    var second = enforcement();
    assertThat(second.longestAnswer()).isBetween(Duration.ofMillis(250), Duration.ofSeconds(1));
    assertThat(second.since()).isAfter(first.since());

    // What is slow afterwards has another reason, and another connection changes nothing.
    broker.mosquitto.signal("STOP");
    assertThat(prove(NEW)).isInstanceOf(Unreachable.class);
    broker.mosquitto.signal("CONT");
    assertThat(connections.await(pod(), operator, NEW, LONG).join()).isEqualTo(new Enforced());
    assertThat(enforcement()).isEqualTo(second);
  }

  @Test
  void awaitEndsWithNotYetWhenTimeIsUp() {
    long start = System.nanoTime();
    assertThat(connections.await(pod(), operator, NEW, Duration.ofMillis(300)).join())
        .isEqualTo(new NotYet());
    assertThat(millisSince(start)).isBetween(290L, 1500L);
    // 10, 15, 22, 33, 50, 50, … ms apart: not hot; how slow a busy machine is, is its own matter.
    assertThat(counts.answers.get()).isBetween(2, 12);
  }

  @Test
  void aBrokerThatIsDownIsUnreachableQuicklyAndProvenSoonAfterItsStart() {
    broker.mosquitto.kill();
    long start = System.nanoTime();
    assertThat(prove(OLD)).isEqualTo(new Unreachable("connection refused"));
    assertThat(millisSince(start)).isLessThan(1000);

    var waiting = connections.await(pod(), operator, OLD, LONG);
    broker.mosquitto.start();
    long running = System.nanoTime();
    assertThat(waiting.join()).isEqualTo(new Enforced());
    assertThat(millisSince(running)).isLessThan(1000);
  }

  @Test
  void nothingReconnectsWhileNobodyAsks() {
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    broker.mosquitto.kill();
    Awaitility.await().until(() -> counts.losses.get() == 1);
    broker.mosquitto.start();
    Awaitility.await()
        .during(500, TimeUnit.MILLISECONDS)
        .until(() -> !broker.mosquitto.log().contains("New connection"));
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    assertThat(counts.reconnections).hasValue(1);
  }

  @Test
  void manyWaitersForAPodThatIsDownShareItsRareAttempts() {
    broker.mosquitto.kill();
    List<CompletableFuture<ProofResult>> waiting =
        IntStream.range(0, 50)
            .mapToObj(i -> connections.await(pod(), operator, OLD, Duration.ofSeconds(1)))
            .toList();
    waiting.forEach(w -> assertThat(w.join()).isEqualTo(new Unreachable("connection refused")));
    assertThat(counts.losses.get()).isBetween(5, 11);
  }

  @Test
  void aCaThatIsNotTrustedIsATlsFailure() {
    OperatorIdentity distrusting =
        new OperatorIdentity(
            ACCOUNT, operator.chain(), operator.key(), List.of(otherAuthority.certificate()));
    assertThat(connections.prove(pod(), distrusting, OLD, LONG).join())
        .isInstanceOfSatisfying(
            Unreachable.class,
            r -> assertThat(r.reason()).startsWith("TLS failed: ").contains("certification path"));
  }

  @Test
  void aServerOfAnotherNameIsATlsFailure() {
    PodEndpoint other = new PodEndpoint("uid", "c-0", "127.0.0.1", broker.port, "c.ns.internal");
    assertThat(connections.prove(other, operator, OLD, LONG).join())
        .isInstanceOfSatisfying(
            Unreachable.class,
            r -> assertThat(r.reason()).startsWith("TLS failed: ").contains("c.ns.internal"));
    // It has not even sent its own name.
    assertThat(broker.mosquitto.log()).doesNotContain(ACCOUNT);
  }

  @Test
  void anIdentityThatTheBrokerDoesNotTrustIsATlsFailure() {
    OpensslAuthority.Leaf foreign = otherAuthority.client(ACCOUNT);
    OperatorIdentity untrusted =
        new OperatorIdentity(
            ACCOUNT, List.of(foreign.certificate()), foreign.key(), operator.trust());
    assertThat(connections.prove(pod(), untrusted, OLD, LONG).join())
        .isInstanceOfSatisfying(
            Unreachable.class, r -> assertThat(r.reason()).startsWith("TLS failed: "));
  }

  @Test
  void aRotatedIdentityGetsAConnectionOfItsOwn() {
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    broker.trust(otherAuthority, otherAuthority.server(SERVER_NAME));
    broker.mosquitto.reload();
    OperatorIdentity rotated = identity(otherAuthority, ACCOUNT);

    assertThat(connections.await(pod(), rotated, OLD, LONG).join()).isEqualTo(new Enforced());
    assertThat(connections.prove(pod(), rotated, OLD, LONG).join()).isEqualTo(new Enforced());
    assertThat(connections.prove(pod(), operator, OLD, LONG).join())
        .isInstanceOf(Unreachable.class);
  }

  @Test
  void anotherInstanceOfThePodGetsAConnectionOfItsOwn() {
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    var restarted = connections.prove(broker.endpoint("another"), operator, OLD, LONG);
    assertThat(restarted.join()).isEqualTo(new Enforced());
    assertThat(counts.connections).hasValue(2);
  }

  @Test
  void theConnectionsOfPodsThatAreGoneAreClosed() {
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    connections.retain(Set.of("uid"));
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    assertThat(counts.connections).hasValue(1);

    connections.retain(Set.of());
    Awaitility.await().until(() -> broker.mosquitto.log().contains("disconnected"));
    assertThat(counts.losses).hasValue(0);
  }

  @Test
  void aBrokerThatStopsAnsweringIsUnreachableAndAnswersAgainOverANewConnection() {
    assertThat(prove(OLD)).isEqualTo(new Enforced());
    broker.mosquitto.signal("STOP");
    long start = System.nanoTime();
    assertThat(prove(OLD)).isEqualTo(new Unreachable("no answer within 1000 ms"));
    assertThat(millisSince(start)).isBetween(900L, 2000L);
    broker.mosquitto.signal("CONT");
    assertThat(connections.await(pod(), operator, OLD, LONG).join()).isEqualTo(new Enforced());
    assertThat(counts.reconnections.get()).isPositive();
  }

  @Test
  void aPeerThatAcceptsAndNeverAnswersIsUnreachableWithinTheTimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      PodEndpoint pod =
          new PodEndpoint("silent", "b-0", "127.0.0.1", silent.getLocalPort(), SERVER_NAME);
      long start = System.nanoTime();
      Duration limit = Duration.ofMillis(400);
      assertThat(connections.prove(pod, operator, OLD, limit).join())
          .isEqualTo(new Unreachable("no answer within 400 ms"));
      assertThat(connections.await(pod, operator, OLD, limit).join())
          .isEqualTo(new Unreachable("no answer within 400 ms"));
      assertThat(millisSince(start)).isBetween(750L, 2000L);
      assertThat(connections.prove(pod, operator, OLD, LONG).join())
          .isEqualTo(new Unreachable("timed out during the TLS handshake"));
    }
  }

  @Test
  void closingAnswersWhatIsOpenAndLeavesNoThread() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      PodEndpoint pod =
          new PodEndpoint("silent", "b-0", "127.0.0.1", silent.getLocalPort(), SERVER_NAME);
      assertThat(prove(OLD)).isEqualTo(new Enforced());
      var proof = connections.prove(pod, operator, OLD, LONG);
      var waiting = connections.await(pod(), operator, NEW, LONG);
      var clearing = connections.clearSession(pod, operator, LONG);
      long start = System.nanoTime();

      connections.close();

      assertThat(millisSince(start)).isLessThan(2500);
      assertThat(proof.join()).isInstanceOf(Unreachable.class);
      assertThat(waiting.join()).isEqualTo(new Unreachable("the operator is shutting down"));
      assertThatThrownBy(clearing::join).hasRootCauseInstanceOf(SessionNotClearedException.class);
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().startsWith("mqtt-pods"));
      assertThat(connections.prove(pod(), operator, OLD, LONG).join())
          .isEqualTo(new Unreachable("the operator is shutting down"));
    }
  }

  @Test
  void whatIsNoRevisionIsRefused() {
    for (String bad : List.of("", "#", OLD + "/x", OLD.toUpperCase(java.util.Locale.ROOT))) {
      assertThatThrownBy(() -> connections.prove(pod(), operator, bad, LONG))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anIdentityDoesNotShowItsKey() {
    assertThat(operator.toString()).contains(ACCOUNT).doesNotContain("key");
  }

  private ProofResult prove(String revision) {
    return connections.prove(pod(), operator, revision, LONG).join();
  }

  private Enforcement enforcement() {
    return Objects.requireNonNull(connections.reports().join().get("uid"))
        .enforcement()
        .orElseThrow();
  }

  private PodEndpoint pod() {
    return broker.endpoint("uid");
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  private static final class Counts implements ProofListener {
    final AtomicInteger answers = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger reconnections = new AtomicInteger();
    final AtomicInteger losses = new AtomicInteger();

    @Override
    public void answered(PodEndpoint pod, ProofResult result, Duration elapsed) {
      answers.incrementAndGet();
    }

    @Override
    public void connected(PodEndpoint pod, boolean again) {
      connections.incrementAndGet();
      if (again) {
        reconnections.incrementAndGet();
      }
    }

    @Override
    public void lost(PodEndpoint pod, String reason) {
      losses.incrementAndGet();
    }
  }
}
