package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.broker.CertificateRenewal.Renewed;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * All keys and certificates of a broker, stored or made just now.
 *
 * @param authority signs what clients see
 * @param issued what was made just now, in sentences for events
 */
record BrokerSecrets(
    Renewed authority, Renewed server, InternalIdentity internal, List<String> issued) {

  /** When the first of them is to be renewed. */
  Instant renewAt() {
    return Stream.of(authority.renewAt(), server.renewAt(), internal.renewAt())
        .min(Instant::compareTo)
        .orElseThrow();
  }
}
