package io.mqttoperator.operator.mqtt;

import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.mqttoperator.operator.mqtt.ProofResult.Unreachable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

  static final String REVISION_TOPIC = "$mqtt-operator/revision/";
  private static final String START_TOPIC = "$mqtt-operator/start/";
  private static final Pattern REVISION = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern START = Pattern.compile("[0-9a-f]{32}");
  private static final Unreachable CLOSED = new Unreachable("the operator is shutting down");

  /**
   * Handshakes of hundreds of pods at once would all exceed their time; these take a fraction of a
   * second.
   */
  private static final int CONNECTING_AT_ONCE = 32;

  private final QuestionLoop loop = new QuestionLoop();
  private final ProofListener listener;

  private final Window connecting = new Window(CONNECTING_AT_ONCE);

  /** By uid; touched on the event loop alone. */
  private final Map<String, PodConnection> connections = new HashMap<>();

  private final InstantSource clock;

  public PodConnections(ProofListener listener) {
    this(listener, InstantSource.system());
  }

  PodConnections(ProofListener listener, InstantSource clock) {
    this.listener = listener;
    this.clock = clock;
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
          loop.unlessDone(answer, timeout, () -> answer.complete(late));
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
        answer ->
            EnforcementWait.start(
                () -> ask(pod, identity, topic), answer, timeout, loop.eventLoop()));
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
    return loop.ask(
        done -> {
          Runnable late = () -> fail(done, pod, "no answer within " + timeout.toMillis() + " ms");
          loop.unlessDone(done, timeout, late);
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
    return told(pod, PodConnection::bridges, Set.of());
  }

  /**
   * How many sessions on a pod wait for a client that is not connected, as it has told over the
   * connection on which it was asked last, at most ten seconds ago.
   *
   * @return empty where it has not told; never completes exceptionally
   */
  public CompletableFuture<OptionalInt> sessionsAway(PodEndpoint pod) {
    return told(pod, PodConnection::sessionsAway, OptionalInt.empty());
  }

  private <T> CompletableFuture<T> told(
      PodEndpoint pod, Function<PodConnection, T> what, T otherwise) {
    return loop.ask(
        answer -> {
          var known = connections.get(pod.uid());
          answer.complete(known == null ? otherwise : what.apply(known));
        },
        answer -> answer.complete(otherwise));
  }

  /**
   * What is known of pods, by {@link PodEndpoint#uid()}: of those that were asked something.
   *
   * @return never completes exceptionally
   */
  public CompletableFuture<Map<String, PodReport>> reports() {
    return loop.ask(
        answer ->
            answer.complete(
                connections.entrySet().stream()
                    .collect(
                        Collectors.toUnmodifiableMap(
                            Map.Entry::getKey, known -> known.getValue().report()))),
        answer -> answer.complete(Map.of()));
  }

  /** Closes the connections of all pods but these. */
  public void retain(Set<String> uids) {
    Set<String> retained = Set.copyOf(uids);
    loop.execute(
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
    loop.execute(() -> connections.values().forEach(PodConnection::close));
    loop.close();
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
    PodConnection made =
        new PodConnection(
            pod,
            identity,
            known,
            known == null ? new EnforcementWatch(clock) : known.enforcement(),
            loop.eventLoop(),
            connecting,
            listener);
    connections.put(pod.uid(), made);
    return made;
  }

  private CompletableFuture<Void> takeOver(PodEndpoint pod, OperatorIdentity identity) {
    try {
      Mqtt5AsyncClient client =
          PodClient.create(
              pod,
              identity,
              MutualTls.of(identity, PodClient.TLS_LIMIT),
              loop.eventLoop(),
              context -> {});
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
    return loop.ask(start, answer -> answer.complete(CLOSED));
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
