package io.mqttoperator.operator.broker.clients;

import io.mqttoperator.operator.broker.clients.CertificateMemory.Undelivered;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Collectors;

/** Says it where a user's Secret does not come to hold the certificate that was issued for it. */
final class Delivery {

  /** A Secret that is written is seen within seconds. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private Delivery() {}

  /** What is wrong with which users, by UID. */
  static Map<String, Verdict> overdue(CertificateMemory memory, Instant now) {
    var behind = memory.behind();
    return memory.undelivered().entrySet().stream()
        .filter(user -> behind.contains(user.getKey()))
        .filter(user -> user.getValue().since().plus(LONGEST).isBefore(now))
        .collect(Collectors.toMap(Map.Entry::getKey, user -> verdict(user.getValue())));
  }

  private static Verdict verdict(Undelivered one) {
    return Verdict.no(
        Reason.INVALID,
        ("Its Secret was not seen to hold the certificate that was issued for it (serial %s), since %s:"
                + " see who else writes or deletes that Secret. What the Secret holds is accepted as"
                + " long as its CA is trusted, which does not wait for this user.")
            .formatted(
                one.identity().certificate().serialHex(),
                one.since().truncatedTo(ChronoUnit.SECONDS)));
  }
}
