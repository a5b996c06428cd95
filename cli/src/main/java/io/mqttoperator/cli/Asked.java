package io.mqttoperator.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.cli.source.Inventory;
import io.mqttoperator.operator.access.FollowedName;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.kube.ResourceKey;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a command names.
 *
 * @param namespace that the command is about
 * @param isNamed whether the user has named it
 */
record Asked(Inventory inventory, String namespace, boolean isNamed) {

  /**
   * A user by its MqttUser's name, or by its username; or {@code :anonymous}.
   *
   * @throws IllegalArgumentException if there is none, or more than one
   */
  Subject subject(String name, @Nullable String broker) {
    if (name.equals(Subject.ANONYMOUS)) {
      return new Subject(inventory, Outlook.of(inventory, broker(broker)), Optional.empty());
    }
    var found = found(name, broker);
    var byName = found.stream().filter(user -> user.getMetadata().getName().equals(name)).toList();
    return Subject.of(inventory, one(name, byName.isEmpty() ? found : byName));
  }

  /** Whether there is such a user. */
  boolean knows(String name, @Nullable String broker) {
    return name.equals(Subject.ANONYMOUS) || !found(name, broker).isEmpty();
  }

  private List<MqttUser> found(String name, @Nullable String broker) {
    var here = candidates(name, broker).filter(this::isHere).toList();
    if (!here.isEmpty()) {
      return here;
    }
    // Files often name their namespace, and whoever asks need not repeat it.
    var all = !isNamed && !inventory.isCluster();
    // Whose broker it is may ask for its tenants' users.
    return candidates(name, broker)
        .filter(user -> all || Inventory.brokerOf(user).namespace().equals(namespace))
        .toList();
  }

  private Stream<MqttUser> candidates(String name, @Nullable String broker) {
    return inventory.users().stream()
        .filter(user -> user.getMetadata().getName().equals(name) || username(user).equals(name))
        .filter(user -> broker == null || Inventory.brokerOf(user).name().equals(broker));
  }

  private String username(MqttUser user) {
    return FollowedName.isAskedFor(user)
        ? new OwnPasswords(inventory).name(user).name().orElse("")
        : UserObservation.usernameOf(user);
  }

  private boolean isHere(HasMetadata resource) {
    return resource.getMetadata().getNamespace().equals(namespace);
  }

  private MqttUser one(String name, List<MqttUser> found) {
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new IllegalArgumentException(
        found.isEmpty()
            ? "there is no MqttUser %s in namespace %s%s."
                .formatted(name, namespace, inventory.isCluster() ? "" : " in these files")
            : "%s can be %s. Name one of them with --namespace or --broker."
                .formatted(
                    name,
                    found.stream()
                        .map(
                            user ->
                                "MqttUser %s/%s of broker %s"
                                    .formatted(
                                        user.getMetadata().getNamespace(),
                                        user.getMetadata().getName(),
                                        Inventory.brokerOf(user)))
                        .collect(Collectors.joining(", "))));
  }

  /**
   * A broker by its name, or the only one there is.
   *
   * @throws IllegalArgumentException if that is none, or not the only one
   */
  ResourceKey broker(@Nullable String name) {
    var found =
        brokers()
            .filter(key -> name == null || key.name().equals(name))
            .distinct()
            .sorted(Comparator.comparing(ResourceKey::toString))
            .toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new IllegalArgumentException(
        found.isEmpty()
            ? "there is no MqttBroker%s in namespace %s%s."
                .formatted(
                    name == null ? "" : " " + name,
                    namespace,
                    inventory.isCluster() ? "" : " in these files")
            : "there are several brokers: %s. Name one with --broker and --namespace."
                .formatted(
                    found.stream().map(ResourceKey::toString).collect(Collectors.joining(", "))));
  }

  /** Those of the namespace, and those that its users and ACLs refer to. */
  private Stream<ResourceKey> brokers() {
    var all = !isNamed && !inventory.isCluster();
    return Stream.of(
            inventory.brokers().stream()
                .filter(broker -> all || isHere(broker))
                .map(ResourceKey::of),
            inventory.users().stream().filter(user -> all || isHere(user)).map(Inventory::brokerOf),
            inventory.acls().stream().filter(acl -> all || isHere(acl)).map(Inventory::brokerOf))
        .flatMap(keys -> keys);
  }
}
