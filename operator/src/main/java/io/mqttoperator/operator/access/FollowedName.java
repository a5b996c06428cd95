package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The username of a user whose own Secret says it, and may say another at any time. At most one
 * stands in the broker's files: the one that the user's status has, which is written before they
 * are. It is given up for another only when every running pod is proven to be without it and its
 * sessions are over; until then nobody else can have it.
 *
 * @param held the name that its status has
 * @param granted the name that was written into its status, as long as the cache does not show that
 * @param asked the name that the Secret says
 */
public record FollowedName(Optional<String> held, Optional<String> granted, AskedName asked) {

  /** Of a user whose Secret is the source of its name. */
  public static boolean isAskedFor(MqttUser user) {
    var password = user.getSpec().password();
    return password != null
        && password.secretRef() != null
        && password.secretRef().usernameKey() != null;
  }

  /** The name that a user's status has: the one that is proven, or the one that is to be. */
  public static Optional<String> heldBy(MqttUser user) {
    var status = user.getStatus();
    return status == null
        ? Optional.empty()
        : Stream.of(
                Optional.ofNullable(status.pendingUsername()),
                Optional.ofNullable(status.username()))
            .flatMap(Optional::stream)
            .filter(name -> Username.problem(name).isEmpty())
            .filter(name -> UsernameRules.isWithinTenancy(user, name))
            .findFirst();
  }

  /** What nobody else can have. */
  Stream<String> kept() {
    return Stream.of(held, granted).flatMap(Optional::stream).distinct();
  }

  /** Whether it has had none. */
  public boolean isNew() {
    return held.isEmpty() && granted.isEmpty();
  }

  /** The same once the user has the name that it asks for. */
  public FollowedName settled() {
    return new FollowedName(asked.name().or(this::held), Optional.empty(), asked);
  }

  /** Whose sessions are to be over before the name that is asked for is given. */
  public Stream<String> toClear() {
    return Stream.concat(kept(), asked.name().stream()).distinct();
  }

  /** The name that stands for the user: what it has, or else what it asks for; or none. */
  String name() {
    return held.or(asked::name).orElse("");
  }

  /**
   * Whether it asks for another than it has. What the cache still shows as held is given up once
   * another is granted, and may be somebody else's in a moment.
   */
  boolean asksForAnother() {
    return asked.name().isPresent() && (granted.isPresent() || !asked.name().equals(held));
  }

  @Override
  public String toString() {
    // What is asked for may be no name at all.
    return "FollowedName[" + held + "]";
  }
}
