package io.mqttoperator.operator.broker.status;

import io.mqttoperator.api.TlsCiphers;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import java.security.interfaces.RSAKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is allowed of ciphers, but is weak, or lets fewer clients in than it seems to. Pure. */
final class CipherWarnings {

  private CipherWarnings() {}

  /** In sentences. */
  static Stream<String> of(BrokerProfile profile, BrokerSecrets secrets) {
    return profile.listeners().stream()
        .filter(ListenerProfile::isEncrypted)
        .flatMap(listener -> of(listener, secrets).stream());
  }

  private static Optional<String> ofKeys(ListenerProfile listener, List<String> ciphers) {
    return TlsCiphers.WITH_KEY_FORWARD_SECRET.containsAll(ciphers)
        ? Optional.empty()
        : Optional.of(
            ("Listener %s takes ciphers that are not forward secret (PSK-…): who records its traffic"
                    + " and learns a pre-shared key later can read it.")
                .formatted(listener.name()));
  }

  /** Of TLS 1.2 alone: in TLS 1.3 a suite says nothing of the certificate. */
  private static Optional<String> of(ListenerProfile listener, BrokerSecrets secrets) {
    var ciphers = listener.configuration().tls().ciphers();
    if (ciphers.isEmpty()) {
      return Optional.empty();
    }
    if (listener.takesKeys()) {
      return ofKeys(listener, ciphers);
    }
    var own = secrets.own().listeners().get(listener.name());
    var shown = (own == null ? secrets.server().pair() : own.pair()).certificate();
    var isRsa = shown.getPublicKey() instanceof RSAKey;
    return ciphers.stream().anyMatch(cipher -> cipher.startsWith("ECDHE-ECDSA-") != isRsa)
        ? Optional.empty()
        : Optional.of(
            ("Listener %s: none of its ciphers is for a certificate with an %s key: clients of TLS"
                    + " 1.2 cannot connect.")
                .formatted(listener.name(), isRsa ? "RSA" : "ECDSA"));
  }
}
