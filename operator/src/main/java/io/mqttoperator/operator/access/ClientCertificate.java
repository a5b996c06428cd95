package io.mqttoperator.operator.access;

import java.time.Instant;
import java.util.SortedMap;

/** Which certificate a user has now: a decision. */
public sealed interface ClientCertificate {

  /** None is asked for. */
  record NotAsked() implements ClientCertificate {}

  /**
   * One that counts.
   *
   * @param serial in lower-case hex
   * @param files what the user's Secret holds of it, by key
   */
  record Issued(
      String serial, Instant notAfter, Instant renewAt, SortedMap<String, SecretBytes> files)
      implements ClientCertificate {}

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
}
