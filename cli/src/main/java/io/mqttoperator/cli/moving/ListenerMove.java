package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.existing.ExistingConfiguration;
import io.mqttoperator.cli.existing.ExistingListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes entries of {@code spec.listeners}, and says which listeners are left out. */
final class ListenerMove {

  private static final int MOST = 16;
  private static final int USUAL_PORT = 8883;

  private final ExistingConfiguration configuration;
  private final MoveSettings settings;
  private final LeftOvers left;
  private final List<ObjectNode> entries = new ArrayList<>();
  private final List<ExistingListener> kept = new ArrayList<>();
  private boolean takesPasswords;
  private boolean takesAnonymous;
  private boolean takesKeys;

  ListenerMove(ExistingConfiguration configuration, MoveSettings settings, LeftOvers left) {
    this.configuration = configuration;
    this.settings = settings;
    this.left = left;
  }

  boolean takesKeys() {
    return takesKeys;
  }

  boolean takesAnonymous() {
    return takesAnonymous;
  }

  List<ExistingListener> kept() {
    return kept;
  }

  /**
   * Makes them.
   *
   * @param source whose users and rules are carried over: listeners with others are left out
   * @param withUsers whether there are users with passwords, who need a listener that takes them
   */
  List<ObjectNode> entries(AccessSource source, boolean withUsers) {
    for (var listener : configuration.listeners()) {
      var proof = ListenerProof.of(listener, AccessSource.letsInAnonymous(configuration, listener));
      var gate =
          ListenerGate.of(listener, proof, configuration.isLocalOnly())
              .or(() -> ofTls13(listener, source))
              .or(() -> ofAnother(listener, source));
      if (gate.isPresent()) {
        left.leaveOut(listener.place(), listener.title(), gate.get(), instead(listener));
      } else {
        kept.add(listener);
        takesKeys |= proof.takesKeys();
      }
    }
    var ports = new ListenerPorts(kept.stream().map(ExistingListener::port).toList());
    kept.forEach(listener -> add(listener, ports));
    // Where clients have keys alone, nobody could log in by a password.
    if (withUsers && !takesPasswords && takesAnonymous) {
      addForUsers(ports);
    }
    acceptTakeover();
    name();
    return entries;
  }

  private static String instead(ExistingListener listener) {
    return listener.option("psk_hint").isPresent()
            || listener.isSet("require_certificate")
            || listener.isSet("use_identity_as_username")
        ? "Give its clients usernames and passwords, or keep the old broker for them until then"
        : "";
  }

  /** Where there is a file of keys Mosquitto turns TLS 1.3 off. */
  private static Optional<String> ofTls13(ExistingListener listener, AccessSource source) {
    return source.keys().isPresent()
            && listener
                .option("tls_version")
                .filter(own -> own.text().equals("tlsv1.3"))
                .isPresent()
        ? Optional.of(
            "it is for TLS 1.3 alone, which Mosquitto does not speak where there is a psk_file: it"
                + " let nobody in")
        : Optional.empty();
  }

  private Optional<String> ofAnother(ExistingListener listener, AccessSource source) {
    if (!AccessSource.of(configuration, listener, settings).equals(source)) {
      return Optional.of(
          "it has a password file or an ACL file of its own, and an MqttBroker has one set of users"
              + " and rules; import it by itself, with --listener %d and another --broker"
                  .formatted(listener.port()));
    }
    return kept.size() == MOST
        ? Optional.of("an MqttBroker has at most %d listeners".formatted(MOST))
        : Optional.empty();
  }

  private void add(ExistingListener listener, ListenerPorts ports) {
    var proof = ListenerProof.of(listener, AccessSource.letsInAnonymous(configuration, listener));
    var entry = JsonNodeFactory.instance.objectNode().put("name", "");
    var port = ports.of(listener.port());
    entry.put("port", port.number());
    entry.put("authentication", proof.authentication());
    if (!proof.isAnonymous()) {
      entry.put("clientId", "Any");
    }
    if (listener.option("certfile").isEmpty() && !proof.takesKeys()) {
      entry.putObject("tls").put("enabled", false);
    }
    port.atService().ifPresent(old -> entry.putObject("service").put("port", old));
    new ListenerOptions(entry, left, takesKeys).write(listener);
    if (proof.isAnonymous()) {
      entry.remove("clientId");
    }
    if (proof.takesKeys()) {
      nameClients(listener, entry);
    }
    takesPasswords |= proof.authentication().equals("Password");
    takesAnonymous |= proof.isAnonymous();
    tellOfPort(listener, port);
    tellOfAddress(listener);
    entries.add(entry);
  }

  /** The operator ends sessions of keys by their client id. */
  private void nameClients(ExistingListener listener, ObjectNode entry) {
    entry.put("clientId", "Username");
    if (!listener.isSet("use_username_as_clientid")) {
      left.change(
          listener.place(),
          listener.title(),
          "its clients' usernames become their client ids, whatever they ask for",
          "Let each device have a key of its own: one that is shared lets in one at a time");
    }
  }

  private void tellOfPort(ExistingListener listener, ListenerPorts.Port port) {
    if (port.number() != listener.port()) {
      left.change(
          listener.place(),
          listener.title(),
          "its port in the pod is %d%s"
              .formatted(
                  port.number(),
                  port.atService()
                      .map(old -> "; at the Service it is %d as before".formatted(old))
                      .orElse(", since another one has %d".formatted(listener.port()))),
          "");
    }
  }

  private void tellOfAddress(ExistingListener listener) {
    listener
        .address()
        .filter(address -> !address.equals("0.0.0.0") && !address.equals("::"))
        .ifPresent(
            address ->
                left.change(
                    listener.place(),
                    listener.title(),
                    "it was at one address of its machine; in the cluster its Service reaches it",
                    "Say by allowedPeers and service.type who may connect"));
  }

  /** The operator takes a user only where a listener takes passwords. */
  private void addForUsers(ListenerPorts ports) {
    var port = ports.of(USUAL_PORT);
    var entry = JsonNodeFactory.instance.objectNode().put("name", "");
    entry.put("port", port.number()).put("authentication", "Password").put("clientId", "Any");
    entries.add(entry);
    left.change(
        kept.getFirst().place(),
        kept.getFirst().title(),
        "users log in there with their names and passwords as before; since no listener asks for"
            + " these, the broker has one more that does, at %d with TLS".formatted(port.number()),
        "");
  }

  /** As it was: whoever chooses its client id could take over any session. */
  private void acceptTakeover() {
    if (entries.stream().anyMatch(entry -> isOf(entry, "Username"))) {
      entries.stream()
          .filter(entry -> !isOf(entry, "Username"))
          .forEach(entry -> entry.put("acceptTakeover", true));
    }
  }

  private static boolean isOf(ObjectNode entry, String clientId) {
    return entry.path("clientId").asText().equals(clientId);
  }

  /** By what they speak, and by their port where several speak the same. */
  private void name() {
    Map<String, Integer> alike = new HashMap<>();
    entries.forEach(entry -> alike.merge(scheme(entry), 1, Integer::sum));
    for (var entry : entries) {
      var scheme = scheme(entry);
      entry.put(
          "name",
          alike.getOrDefault(scheme, 1) == 1 ? scheme : scheme + "-" + entry.path("port").asInt());
    }
  }

  private static String scheme(ObjectNode entry) {
    var isPlain = entry.path("tls").has("enabled");
    return (entry.path("transport").asText().equals("Websockets") ? "ws" : "mqtt")
        + (isPlain ? "" : "s");
  }
}
