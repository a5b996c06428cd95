package io.mqttoperator.operator.broker.revision;

import io.mqttoperator.operator.access.Client;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.AccessResources;
import io.mqttoperator.operator.testing.AskingClient;
import io.mqttoperator.operator.testing.MosquittoProcess;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A real Mosquitto that gets one compiled set of rules after another, and clients that stay. */
final class AskedBroker implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(20);

  private final MosquittoProcess mosquitto = new MosquittoProcess();
  private final int port = MosquittoProcess.freePort();
  private final int anonymousPort = MosquittoProcess.freePort();
  private final int keysPort = MosquittoProcess.freePort();
  private final Map<String, AskingClient> sessions = new HashMap<>();
  private final AskingClient operator;
  private final AskingClient watcher;
  private final AskingClient anonymous;
  private final Set<String> system;

  AskedBroker(CompiledAccess first) {
    place(first);
    start();
    operator = login(CompiledAccess.OPERATOR, CompiledAccess.OPERATORS_PASSWORD).orElseThrow();
    watcher = login(CompiledAccess.WATCHER, CompiledAccess.OPERATORS_PASSWORD).orElseThrow();
    anonymous = AskingClient.login(anonymousPort, null, "", Optional.empty()).orElseThrow();
    watcher.subscribe("$SYS/#");
    system =
        watcher.delivered().stream()
            .map(AskingClient.Delivered::topic)
            .collect(Collectors.toCollection(TreeSet::new));
    watcher.unsubscribe("$SYS/#");
    watcher.subscribe("#");
  }

  private void start() {
    try {
      mosquitto.write("mosquitto.conf", configuration()).start();
    } catch (RuntimeException failed) {
      mosquitto.close();
      throw failed;
    }
  }

  private String configuration() {
    return """
        user root
        log_dest stdout
        log_type error
        log_type warning
        log_type information
        allow_anonymous false
        password_file %s
        acl_file %s
        psk_file %s
        set_tcp_nodelay true
        sys_interval 3600
        check_retain_source false
        max_queued_messages 0
        listener %d 127.0.0.1
        listener_allow_anonymous false
        listener %d 127.0.0.1
        listener_allow_anonymous true
        listener %d 127.0.0.1
        psk_hint mqtt
        use_identity_as_username true
        """
        .formatted(
            mosquitto.inside("passwords"),
            mosquitto.inside("acl"),
            mosquitto.inside("psk"),
            port,
            anonymousPort,
            keysPort);
  }

  private void place(CompiledAccess compiled) {
    mosquitto
        .write("passwords", compiled.passwords())
        .write("psk", compiled.keys())
        .write("acl", compiled.acl());
  }

  private Optional<AskingClient> login(String username, String password) {
    return AskingClient.login(port, username, password, Optional.empty());
  }

  /** Returns when the broker enforces these rules, as the operator proves it. */
  void enforce(CompiledAccess compiled) {
    place(compiled);
    mosquitto.reload();
    Awaitility.await("the rules to be enforced")
        .atMost(BOUND)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> AskingClient.await(operator.publish(compiled.proof(), "", false)));
  }

  /**
   * The clients of a case, each with its connection: that of before, where there is one.
   *
   * @throws AssertionError if one is refused that may log in, or let in that may not
   */
  Map<Client, AskingClient> clients(AccessCase asked) {
    var clients = new LinkedHashMap<Client, AskingClient>();
    asked.users().stream()
        .filter(UserDecision::mayLogIn)
        .forEach(user -> clients.put(Client.User.of(user.user()), session(user)));
    var names =
        clients.keySet().stream()
            .map(client -> ((Client.User) client).username())
            .collect(Collectors.toSet());
    sessions.entrySet().stream()
        .filter(session -> !names.contains(session.getKey()))
        .forEach(session -> session.getValue().awaitEnd());
    sessions.keySet().retainAll(names);
    for (var user : asked.users()) {
      if (!names.contains(user.seen().username())
          && login(user.seen().username(), AccessResources.PASSWORD).isPresent()) {
        throw new AssertionError(user.seen().username() + " is let in");
      }
    }
    clients.put(new Client.Anonymous(), anonymous);
    return clients;
  }

  private AskingClient session(UserDecision user) {
    return sessions.compute(
        user.seen().username(),
        (name, before) ->
            before != null && before.isConnected()
                ? before
                : login(name, AccessResources.PASSWORD)
                    .orElseThrow(() -> new AssertionError(name + " is refused")));
  }

  /** A client of its own for a will, that connects and leaves it. */
  void leaveAWill(Client client, String topic) {
    var left =
        switch (client) {
          case Client.User user ->
              AskingClient.login(
                  port, user.username(), AccessResources.PASSWORD, Optional.of(topic));
          case Client.Anonymous nobody ->
              AskingClient.login(anonymousPort, null, "", Optional.of(topic));
        };
    left.orElseThrow().leaveTheWill();
  }

  /**
   * Who may publish and read everything but what begins with {@code $}, and is subscribed to it.
   */
  AskingClient watcher() {
    return watcher;
  }

  /** Where a username is needed. */
  int port() {
    return port;
  }

  /** Where none is. */
  int anonymousPort() {
    return anonymousPort;
  }

  /** Where a pre-shared key is. */
  int keysPort() {
    return keysPort;
  }

  /** What is retained below {@code $SYS}. */
  Set<String> system() {
    return system;
  }

  /** What the broker has logged. */
  String log() {
    return mosquitto.log();
  }

  @Override
  public void close() {
    sessions.values().forEach(AskingClient::close);
    for (var client : List.of(operator, watcher, anonymous)) {
      client.close();
    }
    mosquitto.close();
  }
}
