package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUser;
import java.util.Map;
import java.util.Optional;

/** Who connects to a broker: all of it that rules can depend on. */
public sealed interface Client {

  /**
   * A user.
   *
   * @param name of the MqttUser, which rules name; not what it logs in with
   * @param username what it logs in with, and what {@code {username}} stands for
   */
  record User(String namespace, String name, String username, Map<String, String> labels)
      implements Client {
    public User {
      labels = Map.copyOf(labels);
    }

    public static User of(MqttUser user) {
      var metadata = user.getMetadata();
      return new User(
          metadata.getNamespace(),
          metadata.getName(),
          UserObservation.usernameOf(user),
          Optional.ofNullable(metadata.getLabels()).orElse(Map.of()));
    }
  }

  /** Anybody without a name, on an {@code Anonymous} listener. */
  record Anonymous() implements Client {}
}
