package io.mqttoperator.operator.kube;

import io.mqttoperator.api.Listener;
import io.mqttoperator.api.ListenerTls;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.SecretRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The Secrets of its owner's that a broker's spec refers to, all in its own namespace.
 *
 * @param authority with the broker's authority
 * @param server with the broker's server certificate
 * @param listeners with one listener's, by the listener's name
 */
public record SecretReferences(
    Optional<String> authority, Optional<String> server, Map<String, String> listeners) {

  /** Those of a broker; of listeners that have no TLS none counts. */
  public static SecretReferences of(MqttBroker broker) {
    var spec = broker.getSpec();
    if (spec == null) {
      return new SecretReferences(Optional.empty(), Optional.empty(), Map.of());
    }
    var certificates = spec.certificates();
    var authority = certificates == null ? null : certificates.authority();
    var server = certificates == null ? null : certificates.server();
    var listeners = new TreeMap<String, String>();
    for (Listener listener : Optional.ofNullable(spec.listeners()).orElse(List.of())) {
      Optional.ofNullable(listener.tls())
          .filter(tls -> !Boolean.FALSE.equals(tls.enabled()))
          .map(ListenerTls::secretRef)
          .ifPresent(reference -> listeners.put(listener.name(), reference.name()));
    }
    return new SecretReferences(
        Optional.ofNullable(authority).map(asked -> asked.secretRef()).map(SecretRef::name),
        Optional.ofNullable(server).map(asked -> asked.secretRef()).map(SecretRef::name),
        listeners);
  }

  /** The names of all of them. */
  public Set<String> names() {
    var names = new TreeSet<>(listeners.values());
    authority.ifPresent(names::add);
    server.ifPresent(names::add);
    return names;
  }
}
