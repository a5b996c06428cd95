package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.broker.certificates.CertificateRenewal.Renewed;
import io.mqttoperator.operator.mosquitto.BridgeAccounts;
import io.mqttoperator.operator.mosquitto.OperatorAccount;
import io.mqttoperator.operator.mosquitto.SaltKey;
import io.mqttoperator.operator.mqtt.OperatorIdentity;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import java.time.Instant;
import java.util.List;
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
 * @param accounts of the bridges, however many there are
 * @param bridges one for each pod but the hub
 */
public record InternalIdentity(
    KeyAndCertificate authority,
    CertificateRevocationList revocations,
    OperatorAccount account,
    Renewed operator,
    Renewed pod,
    SecretBytes salt,
    BridgeAccounts accounts,
    List<Bridge> bridges) {

  public SaltKey saltKey() {
    return new SaltKey(salt.toBytes());
  }

  /** As whom the operator connects. */
  public OperatorIdentity ofOperator() {
    var own = operator.pair();
    return new OperatorIdentity(account.value(), own.chain(), own.key(), authority.chain());
  }

  /** When the first of its certificates is to be renewed. */
  Instant renewAt() {
    return Stream.concat(
            Stream.of(operator.renewAt(), pod.renewAt()),
            bridges.stream().map(bridge -> bridge.certificate().renewAt()))
        .min(Instant::compareTo)
        .orElseThrow();
  }

  @Override
  public String toString() {
    return "InternalIdentity[pod=" + pod + "]";
  }
}
