package io.mqttoperator.operator.mqtt;

import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.mqttoperator.operator.mqtt.ProofResult.Unreachable;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The operator's lasting connections to broker pods, one for each pod that was asked something.
 *
 * <p>A connection is made when somebody asks, kept while it lives, and made anew by the next
 * question when it was lost or the identity has changed; nothing reconnects in the background. All
 * of it runs on a single thread, on which the returned futures complete: what follows them and
 * takes time belongs on another ({@code …Async}).
 *
 * <p>An answer counts for the pod that was asked: a connection belongs to one {@link
 * PodEndpoint#uid()} and one endpoint, a question is sent over it after it was asked, its answer
 * comes over the same TLS session, and an unanswered question is never sent again over another.
 */
public final class PodConnections implements AutoCloseable {

  private static final String REVISION_TOPIC = "$mqtt-operator/revision/";
  private static final String START_TOPIC = "$mqtt-operator/start/";
  private static final Pattern REVISION = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern START = Pattern.compile("[0-9a-f]{32}");
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
  private static final Unreachable CLOSED = new Unreachable("the operator is shutting down");

  /**
   * Handshakes of hundreds of pods at once would all exceed their time; these take a fraction of a
   * second.
   */
  private static final int CONNECTING_AT_ONCE = 32;

  private final NioEventLoopGroup group =
      new NioEventLoopGroup(1, new DefaultThreadFactory("mqtt-pods", true));
  private final EventLoop loop = group.next();
  private final ProofListener listener;

  private final Window connecting = new Window(CONNECTING_AT_ONCE);

  /** By uid; touched on the event loop alone. */
  private final Map<String, PodConnection> connections = new HashMap<>();

  /** What ends every question that is still open when this is closed. */
  private final Set<Runnable> open = ConcurrentHashMap.newKeySet();

  public PodConnections(ProofListener listener) {
    this.listener = listener;
  }

  /**
   * Asks a pod once whether it enforces a revision.
   *
   * @param revision 64 hexadecimal digits, lower case
   * @param timeout the longest wait for the answer; the connection has limits of its own (1 s for
   *     an answer)
   * @return never completes exceptionally
   * @throws IllegalArgumentException if {@code revision} is no revision
   */
  public CompletableFuture<ProofResult> prove(
      PodEndpoint pod, OperatorIdentity identity, String revision, Duration timeout) {
    requireRevision(revision);
    return question(
        answer -> {
          Unreachable late = new Unreachable("no answer within " + timeout.toMillis() + " ms");
          cancelWhenDone(answer, schedule(() -> answer.complete(late), timeout));
          var unused = ask(pod, identity, REVISION_TOPIC + revision).thenAccept(answer::complete);
        });
  }

  /**
   * Asks a pod until it enforces a revision, at short pauses; a pod that cannot be reached is tried
   * ten times a second. Completing or cancelling the future ends it.
   *
   * @param revision 64 hexadecimal digits, lower case
   * @param timeout after which the last answer is the result
   * @return never completes exceptionally
   * @throws IllegalArgumentException if {@code revision} is no revision
   */
  public CompletableFuture<ProofResult> await(
      PodEndpoint pod, OperatorIdentity identity, String revision, Duration timeout) {
    requireRevision(revision);
    return await(pod, identity, timeout, REVISION_TOPIC + revision);
  }

  /**
   * Asks a pod until its Mosquitto was started with a configuration, as {@link #await} does.
   *
   * @param start 32 hexadecimal digits, lower case
   * @param timeout after which the last answer is the result
   * @return never completes exceptionally
   * @throws IllegalArgumentException if {@code start} is no start digest
   */
  public CompletableFuture<ProofResult> awaitStart(
      PodEndpoint pod, OperatorIdentity identity, String start, Duration timeout) {
    if (!START.matcher(start).matches()) {
      throw new IllegalArgumentException("a start digest is 32 hexadecimal digits, found " + start);
    }
    return await(pod, identity, timeout, START_TOPIC + start);
  }

  private CompletableFuture<ProofResult> await(
      PodEndpoint pod, OperatorIdentity identity, Duration timeout, String topic) {
    return question(
        answer -> EnforcementWait.start(() -> ask(pod, identity, topic), answer, timeout, loop));
  }

  /**
   * Clears a client's session on a pod and ends its live connection: logs in under the client's own
   * name with an empty session that ends with the connection (MQTT 5, 3.1.2.4 and 3.1.4), and
   * leaves. The internal listener takes the CN as client id, so the identity's certificate must
   * carry the client id as its CN.
   *
   * @return completes when the session is gone, exceptionally with {@link
   *     SessionNotClearedException} otherwise
   */
  public CompletableFuture<Void> clearSession(
      PodEndpoint pod, OperatorIdentity sessionIdentity, Duration timeout) {
    return open(
        done -> {
          Runnable late = () -> fail(done, pod, "no answer within " + timeout.toMillis() + " ms");
          cancelWhenDone(done, schedule(late, timeout));
          var unused =
              takeOver(pod, sessionIdentity)
                  .handle(
                      (gone, failure) ->
                          failure == null
                              ? done.complete(null)
                              : fail(done, pod, ConnectionFailure.phrase(failure)));
        },
        done -> fail(done, pod, CLOSED.reason()));
  }

  /**
   * The accounts of the bridges that are connected to a pod, as it has told over the connection on
   * which it was asked last; none where there is no such connection.
   *
   * @return never completes exceptionally
   */
  public CompletableFuture<Set<String>> bridges(PodEndpoint pod) {
    return open(
        answer -> {
          var known = connections.get(pod.uid());
          answer.complete(known == null ? Set.of() : known.bridges());
        },
        answer -> answer.complete(Set.of()));
  }

  /**
   * How many sessions on a pod wait for a client that is not connected, as it has told over the
   * connection on which it was asked last, at most ten seconds ago.
   *
   * @return empty where it has not told; never completes exceptionally
   */
  public CompletableFuture<OptionalInt> sessionsAway(PodEndpoint pod) {
    return open(
        answer -> {
          var known = connections.get(pod.uid());
          answer.complete(known == null ? OptionalInt.empty() : known.sessionsAway());
        },
        answer -> answer.complete(OptionalInt.empty()));
  }

  /**
   * What pods tell of themselves, by {@link PodEndpoint#uid()}: of those that were asked something,
   * over connections that live.
   *
   * @return never completes exceptionally
   */
  public CompletableFuture<Map<String, Map<BrokerFigure, Long>>> figures() {
    return open(
        answer ->
            answer.complete(
                connections.entrySet().stream()
                    .collect(
                        Collectors.toUnmodifiableMap(
                            Map.Entry::getKey, known -> known.getValue().figures()))),
        answer -> answer.complete(Map.of()));
  }

  /** Closes the connections of all pods but these. */
  public void retain(Set<String> uids) {
    Set<String> retained = Set.copyOf(uids);
    execute(
        () ->
            connections
                .entrySet()
                .removeIf(
                    entry -> {
                      boolean gone = !retained.contains(entry.getKey());
                      if (gone) {
                        entry.getValue().close();
                      }
                      return gone;
                    }));
  }

  /**
   * Answers what is still open, closes all connections and ends the thread, within about a second.
   */
  @Override
  public void close() {
    execute(() -> connections.values().forEach(PodConnection::close));
    var terminated = group.shutdownGracefully(0, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    if (!loop.inEventLoop()) {
      terminated.awaitUninterruptibly(2 * CLOSE_LIMIT.toMillis());
    }
    open.forEach(Runnable::run);
  }

  private CompletableFuture<ProofResult> ask(
      PodEndpoint pod, OperatorIdentity identity, String topic) {
    try {
      return connection(pod, identity).prove(topic);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(new Unreachable(String.valueOf(e.getMessage())));
    }
  }

  private PodConnection connection(PodEndpoint pod, OperatorIdentity identity) {
    PodConnection known = connections.get(pod.uid());
    if (known != null && known.serves(pod, identity)) {
      return known;
    }
    if (known != null) {
      known.close();
    }
    PodConnection made = new PodConnection(pod, identity, known, loop, connecting, listener);
    connections.put(pod.uid(), made);
    return made;
  }

  private CompletableFuture<Void> takeOver(PodEndpoint pod, OperatorIdentity identity) {
    try {
      Mqtt5AsyncClient client =
          PodClient.create(
              pod, identity, MutualTls.of(identity, PodClient.TLS_LIMIT), loop, context -> {});
      return connecting
          .run(() -> client.connect(PodClient.cleanConnect()))
          // The session is gone with the CONNACK, and the new one goes with the connection, however
          // that ends.
          .thenCompose(ack -> client.disconnect().exceptionally(ended -> null));
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<ProofResult> question(Consumer<CompletableFuture<ProofResult>> start) {
    return open(start, answer -> answer.complete(CLOSED));
  }

  /**
   * Runs {@code start} on the event loop; {@code end} completes the future if this is closed
   * before.
   */
  private <T extends @Nullable Object> CompletableFuture<T> open(
      Consumer<CompletableFuture<T>> start, Consumer<CompletableFuture<T>> end) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Runnable ending = () -> end.accept(future);
    open.add(ending);
    var unused = future.whenComplete((result, failure) -> open.remove(ending));
    if (!execute(() -> start.accept(future))) {
      ending.run();
    }
    return future;
  }

  private boolean execute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  private Future<?> schedule(Runnable task, Duration delay) {
    return loop.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void cancelWhenDone(CompletableFuture<?> future, Future<?> timer) {
    var unused = future.whenComplete((result, failure) -> timer.cancel(false));
  }

  private static boolean fail(CompletableFuture<?> done, PodEndpoint pod, String reason) {
    return done.completeExceptionally(new SessionNotClearedException(pod, reason));
  }

  private static void requireRevision(String revision) {
    if (!REVISION.matcher(revision).matches()) {
      throw new IllegalArgumentException("a revision is 64 hexadecimal digits, found " + revision);
    }
  }
}
