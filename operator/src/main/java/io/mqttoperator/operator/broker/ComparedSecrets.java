package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.broker.UserSecretBlueprint.Endpoint;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Of one broker's users, those whose Secret was found to be as it is to be: nothing is compared
 * again until something has changed. The caches give another object for each version of a resource
 * and never change one, so it is enough that it is the same object. To compare is most of the work
 * of a pass over many users.
 */
final class ComparedSecrets {

  private record Compared(
      MqttUser user, Secret present, Optional<SecretBytes> password, Endpoint endpoint) {

    @SuppressWarnings("ReferenceEquality") // another object is another version
    boolean isOf(MqttUser user, Secret present, Optional<SecretBytes> password, Endpoint endpoint) {
      return this.user == user
          && this.present == present
          && this.password.equals(password)
          && this.endpoint.equals(endpoint);
    }

    @Override
    public String toString() {
      return "Compared[" + user.getMetadata().getName() + "]";
    }
  }

  /** By the user's UID. */
  private final Map<String, Compared> compared = new ConcurrentHashMap<>();

  boolean isUnchanged(
      MqttUser user, Secret present, Optional<SecretBytes> password, Endpoint endpoint) {
    var before = compared.get(user.getMetadata().getUid());
    return before != null && before.isOf(user, present, password, endpoint);
  }

  /** Nothing had to be written. */
  void add(MqttUser user, Secret present, Optional<SecretBytes> password, Endpoint endpoint) {
    compared.put(user.getMetadata().getUid(), new Compared(user, present, password, endpoint));
  }

  /** Forgets the others: they are gone. */
  void keepOnly(Set<String> uids) {
    compared.keySet().retainAll(uids);
  }
}
