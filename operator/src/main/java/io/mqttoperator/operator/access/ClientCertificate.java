package io.mqttoperator.operator.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/** Which certificate a user has now: a decision. */
public sealed interface ClientCertificate {

  /** What was not renewed so long after its time is worth somebody's attention. */
  Duration OVERDUE_AFTER = Duration.ofHours(1);

  /** None is asked for. */
  record NotAsked() implements ClientCertificate {}

  /**
   * One that counts.
   *
   * @param serial in lower-case hex
   * @param files what the user's Secret holds of it, by key
   * @param overdue why it has not been renewed for so long, as a sentence
   */
  record Issued(
      String serial,
      Instant notAfter,
      Instant renewAt,
      SortedMap<String, SecretBytes> files,
      Optional<String> overdue)
      implements ClientCertificate {

    /** One that is renewed in time. */
    public Issued(
        String serial, Instant notAfter, Instant renewAt, SortedMap<String, SecretBytes> files) {
      this(serial, notAfter, renewAt, files, Optional.empty());
    }
  }

  /**
   * One that does not count: its holder is refused.
   *
   * @param files what the user's Secret holds of it, and goes on to hold
   */
  record Refused(SortedMap<String, SecretBytes> files) implements ClientCertificate {}

  /**
   * One is asked for, and is not there yet.
   *
   * @param why as a sentence
   */
  record Awaited(String why) implements ClientCertificate {}

  /** Whether one that was to be renewed then should have been by now. */
  static boolean isOverdue(Instant renewAt, Instant now) {
    return renewAt.plus(OVERDUE_AFTER).isBefore(now);
  }
}
