package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.broker.CertificateRenewal.Renewed;
import io.mqttoperator.operator.mosquitto.OperatorAccount;
import io.mqttoperator.operator.mosquitto.SaltKey;
import io.mqttoperator.operator.mqtt.OperatorIdentity;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * What the operator and a broker's pods know each other by.
 *
 * @param authority signs for the internal listener, and nothing else
 * @param revocations of that authority
 * @param account the operator's name on that listener
 * @param operator its client certificate
 * @param pod what a pod shows there
 * @param salt from which users' salts derive
 */
record InternalIdentity(
    KeyAndCertificate authority,
    CertificateRevocationList revocations,
    OperatorAccount account,
    Renewed operator,
    Renewed pod,
    SecretBytes salt) {

  SaltKey saltKey() {
    return new SaltKey(salt.toBytes());
  }

  /** As whom the operator connects. */
  OperatorIdentity ofOperator() {
    var own = operator.pair();
    return new OperatorIdentity(account.value(), own.chain(), own.key(), authority.chain());
  }

  /** When the first of its certificates is to be renewed. */
  Instant renewAt() {
    return Stream.of(operator.renewAt(), pod.renewAt()).min(Instant::compareTo).orElseThrow();
  }

  @Override
  public String toString() {
    return "InternalIdentity[pod=" + pod + "]";
  }
}
