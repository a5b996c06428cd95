package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.mosquitto.OperatorAccount;
import io.mqttoperator.operator.mosquitto.SaltKey;
import io.mqttoperator.operator.mqtt.OperatorIdentity;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import java.time.Instant;
import java.util.List;

/**
 * All keys and certificates of a broker, stored or made just now.
 *
 * @param authority signs what clients see
 * @param internal signs what the operator and the pods show each other, and nothing else
 * @param operator the operator's own client certificate, by {@code internal}
 * @param pod what a pod shows on the internal listener
 * @param salt from which users' salts derive
 * @param issued what was made just now, in sentences for events
 */
record BrokerSecrets(
    KeyAndCertificate authority,
    Instant authorityRenewAt,
    KeyAndCertificate server,
    Instant serverRenewAt,
    KeyAndCertificate internal,
    CertificateRevocationList internalRevocations,
    OperatorAccount account,
    KeyAndCertificate operator,
    KeyAndCertificate pod,
    Instant internalRenewAt,
    SecretBytes salt,
    List<String> issued) {

  SaltKey saltKey() {
    return new SaltKey(salt.toBytes());
  }

  OperatorIdentity identity() {
    return new OperatorIdentity(
        account.value(), operator.chain(), operator.key(), internal.chain());
  }

  /** When the first of them is to be renewed. */
  Instant renewAt() {
    return List.of(authorityRenewAt, serverRenewAt, internalRenewAt).stream()
        .min(Instant::compareTo)
        .orElseThrow();
  }

  @Override
  public String toString() {
    return "BrokerSecrets[server=" + server.serialHex() + "]";
  }
}
