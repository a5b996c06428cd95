package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.existing.ExistingAcl;
import io.mqttoperator.cli.existing.ExistingConfiguration;
import io.mqttoperator.cli.existing.ExistingListener;
import io.mqttoperator.cli.existing.ExistingPasswords;
import io.mqttoperator.cli.existing.ExistingPlugin;
import io.mqttoperator.cli.existing.Place;
import io.mqttoperator.cli.moving.MovedUser.Credential;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes resources of an existing Mosquitto's files, and lists what they do not say. */
public final class Move {

  private final Path file;
  private final MoveSettings settings;
  private final ExistingConfiguration configuration;
  private final LeftOvers left = new LeftOvers();
  private final ResourceHeads heads;

  private Move(Path file, MoveSettings settings) throws IOException {
    this.file = file;
    this.settings = settings;
    var read = ExistingConfiguration.read(file, settings.root());
    this.configuration = chosen(read, settings);
    this.heads = new ResourceHeads(settings.namespace(), settings.broker());
  }

  /**
   * Makes them.
   *
   * @param file {@code mosquitto.conf}
   * @throws IllegalArgumentException if Mosquitto would not start with the files
   * @throws IOException if one of them cannot be read
   */
  public static Moved of(Path file, MoveSettings settings) throws IOException {
    return new Move(file, settings).moved();
  }

  private static ExistingConfiguration chosen(ExistingConfiguration read, MoveSettings settings) {
    if (settings.listeners().isEmpty()) {
      return read;
    }
    var listeners =
        read.listeners().stream()
            .filter(listener -> settings.listeners().contains(listener.port()))
            .toList();
    var ports = listeners.stream().map(ExistingListener::port).collect(Collectors.toSet());
    settings.listeners().stream()
        .filter(port -> !ports.contains(port))
        .findFirst()
        .ifPresent(
            port -> {
              throw new IllegalArgumentException("there is no listener %d.".formatted(port));
            });
    return new ExistingConfiguration(
        read.options(),
        listeners,
        read.bridges(),
        read.plugins(),
        read.isLocalOnly(),
        read.perListener());
  }

  private Moved moved() throws IOException {
    var source = source();
    var users = users(source);
    var broker = heads.ours("MqttBroker", settings.broker());
    var spec = broker.putObject("spec");
    var listeners = new ListenerMove(configuration, settings, left);
    var entries =
        listeners.entries(source, users.stream().anyMatch(user -> user.password().isPresent()));
    if (entries.isEmpty()) {
      left.change(
          main(),
          "listeners",
          "none can be carried over; the broker has the operator's usual one, mqtts at 8883, for"
              + " users with their passwords",
          "");
    } else {
      spec.putArray("listeners").addAll(entries);
    }
    new ListenersTogether(listeners.kept(), spec, left).write();
    new ServerNames(settings.root(), left).write(listeners.kept(), spec);
    new BrokerOptionsMove(spec, left).write(configuration.options());
    new KeepingMove(configuration, spec, left).write(main());
    leaveOutBridges();
    var access = access(source, users, listeners.takesAnonymous());
    return moved(broker, users, access);
  }

  private Moved moved(ObjectNode broker, List<MovedUser> users, MovedAccess access) {
    var names = users.stream().collect(Collectors.toMap(MovedUser::username, MovedUser::name));
    var manifests = new UserManifests(heads);
    return new Moved(
        broker,
        AclManifests.of(access, names, heads),
        manifests.secrets(users),
        manifests.users(users),
        left.all());
  }

  private Place main() {
    return new Place(file.toString(), 0);
  }

  /** That of the first listener which can be carried over at all. */
  private AccessSource source() {
    return configuration.listeners().stream()
        .filter(
            listener ->
                ListenerGate.of(
                        listener,
                        ListenerProof.of(
                            listener, AccessSource.letsInAnonymous(configuration, listener)),
                        configuration.isLocalOnly())
                    .isEmpty())
        .findFirst()
        .map(listener -> AccessSource.of(configuration, listener, settings))
        .orElseGet(() -> AccessSource.of(configuration, settings));
  }

  private List<MovedUser> users(AccessSource source) throws IOException {
    Map<String, Credential<PasswordHash>> passwords = Map.of();
    Map<String, Credential<PreSharedKey>> keys = Map.of();
    var ofPasswords = source.presentPasswords();
    if (ofPasswords.isPresent()) {
      passwords =
          UserMove.of(ExistingPasswords.read(ofPasswords.get()), settings.newPasswords(), left);
    }
    if (source.keys().isPresent() && takesKeys()) {
      keys =
          KeyMove.of(
              ExistingPasswords.read(source.presentKeys().orElseThrow()),
              settings.newPasswords(),
              left);
    }
    var all = new LinkedHashSet<>(passwords.keySet());
    all.addAll(keys.keySet());
    var names = ObjectNames.of(all);
    var users = new ArrayList<MovedUser>();
    for (var user : all) {
      users.add(
          new MovedUser(
              user,
              names.getOrDefault(user, user),
              Optional.ofNullable(passwords.get(user)),
              Optional.ofNullable(keys.get(user))));
    }
    return users;
  }

  /** Of users with keys that no listener takes nothing is left. */
  private boolean takesKeys() {
    return configuration.listeners().stream()
        .anyMatch(
            listener -> {
              var proof = ListenerProof.of(listener, false);
              return proof.takesKeys()
                  && ListenerGate.of(listener, proof, configuration.isLocalOnly()).isEmpty();
            });
  }

  private MovedAccess access(AccessSource source, List<MovedUser> users, boolean withAnonymous)
      throws IOException {
    var deciding = configuration.plugins().stream().filter(ExistingPlugin::mayDecide).toList();
    for (var plugin : configuration.plugins()) {
      left.leaveOut(
          plugin.place(),
          "plugin " + plugin.file(),
          "the operator loads no plugins"
              + (plugin.mayDecide()
                  ? "; since it may have refused what the files allow, no rule is carried over"
                  : ""),
          plugin.mayDecide() ? "Write MqttAcls (and MqttUsers) for what it allowed" : "");
    }
    if (withAnonymous && source.passwords().isEmpty()) {
      left.change(
          main(),
          "clients that send a username",
          "without a password file Mosquitto took any name; the operator's brokers refuse one that"
              + " is no MqttUser's",
          "Have these clients send no username, or make them MqttUsers");
    }
    if (!deciding.isEmpty()) {
      return MovedAccess.ofNothing();
    }
    var path = source.presentAcl();
    if (path.isEmpty()) {
      return everything(withAnonymous);
    }
    var names = users.stream().map(MovedUser::username).toList();
    return AclMove.of(ExistingAcl.read(path.get()), names, withAnonymous, left);
  }

  private MovedAccess everything(boolean withAnonymous) {
    left.change(
        main(),
        "no ACL file",
        "everybody may publish and subscribe everything, as before, but for topics that begin with $",
        "Write MqttAcls that allow less, and delete all-users");
    return MovedAccess.ofAll(withAnonymous);
  }

  private void leaveOutBridges() {
    for (var bridge : configuration.bridges()) {
      left.leaveOut(
          bridge.place(),
          "connection %s, with its %d lines".formatted(bridge.name(), bridge.options()),
          "the operator bridges the pods of one broker, and not to others",
          "Let the other broker connect to this one, as an MqttUser of its own");
    }
  }
}
