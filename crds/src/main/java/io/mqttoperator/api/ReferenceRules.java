package io.mqttoperator.api;

/**
 * What may not change after creation. The rules are on {@code spec}: one on an optional field
 * itself is not asked when the field is set or unset later.
 */
final class ReferenceRules {
  static final String SAME_BROKER = "self.brokerRef == oldSelf.brokerRef";

  static final String SAME_BROKER_MESSAGE =
      "brokerRef cannot be changed: delete this object and create it for the other broker";

  static final String SAME_USERNAME =
      "has(self.username) == has(oldSelf.username)"
          + " && (!has(self.username) || self.username == oldSelf.username)";

  static final String SAME_USERNAME_MESSAGE =
      "username cannot be set, changed or removed later: delete this MqttUser and create it anew";

  private ReferenceRules() {}
}
