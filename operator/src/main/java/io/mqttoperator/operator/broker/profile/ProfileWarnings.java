package io.mqttoperator.operator.broker.profile;

import io.mqttoperator.api.ClientIdPolicy;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import java.util.ArrayList;
import java.util.List;

/** What a broker's status says of its spec: what is allowed and not safe. Pure. */
final class ProfileWarnings {

  private ProfileWarnings() {}

  static List<String> of(BrokerProfile profile) {
    var warnings = new ArrayList<String>();
    for (var listener : profile.listeners()) {
      reach(listener, warnings);
      identity(listener, profile, warnings);
    }
    return List.copyOf(warnings);
  }

  /** Who can read what is sent, and from where. */
  private static void reach(ListenerProfile listener, List<String> warnings) {
    if (!listener.isEncrypted()) {
      warnings.add(
          "Listener %s has no TLS: passwords and messages can be read on the network."
              .formatted(listener.name()));
    }
    if (listener.expectsProxy() && listener.allowedPeers().isEmpty()) {
      warnings.add(
          ("Listener %s takes the client's address from a PROXY header, from anybody: set"
                  + " allowedPeers to let in the proxies alone.")
              .formatted(listener.name()));
    }
  }

  /** Who a client is. */
  private static void identity(
      ListenerProfile listener, BrokerProfile profile, List<String> warnings) {
    if (listener.authentication() == ClientAuthentication.CERTIFICATE_AND_PASSWORD) {
      warnings.add(
          ("Listener %s does not bind the certificate to the password (Mosquitto compares neither"
                  + " with the other): one user's certificate with another's password gets in as"
                  + " the other.")
              .formatted(listener.name()));
    }
    if (listener.takesKeys()
        && profile.listeners().stream()
            .anyMatch(other -> other.isEncrypted() && !other.takesKeys())) {
      warnings.add(
          ("Listener %s takes pre-shared keys: Mosquitto then speaks TLS 1.2 alone, on all"
                  + " listeners of the broker.")
              .formatted(listener.name()));
    }
    if (listener.isAnonymous()) {
      warnings.add(
          "Listener %s lets in clients without a name: they may do what ACLs grant to anonymous."
              .formatted(listener.name()));
    }
    if (!listener.configuration().clientIdFromUsername()) {
      warnings.add(
          ("Listener %s lets clients choose their client id (clientId: %s): a client can take"
                  + " over any session of the broker.")
              .formatted(listener.name(), ClientIdPolicy.ANY.value()));
    }
  }
}
