package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.access.ClientCertificate.Awaited;
import io.mqttoperator.operator.access.ClientCertificate.Issued;
import io.mqttoperator.operator.access.ClientCertificate.NotAsked;
import io.mqttoperator.operator.kube.Verdict;
import java.util.Optional;

/**
 * What is decided about one user in one pass.
 *
 * @param isCutOff whether sessions that a refused certificate or pre-shared key has opened under
 *     this name are to end first: until then nobody is let in as this user, nor allowed anything
 */
public record UserDecision(
    UserObservation seen,
    Verdict accepted,
    Password password,
    KeyDecision key,
    ClientCertificate certificate,
    boolean isCutOff) {

  /** With a password alone. */
  public UserDecision(UserObservation seen, Verdict accepted, Password password) {
    this(seen, accepted, password, new KeyDecision.None());
  }

  /** Without a certificate. */
  public UserDecision(UserObservation seen, Verdict accepted, Password password, KeyDecision key) {
    this(seen, accepted, password, key, new NotAsked(), false);
  }

  public MqttUser user() {
    return seen.user();
  }

  /** Whether the user stands in the broker's files. */
  public boolean mayLogIn() {
    return !seen.isDisabled()
        && !seen.isBeingDeleted()
        && !seen.isRenamed()
        && !isCutOff
        && hasCredential();
  }

  /** Whether there is anything that a client can log in with. */
  public boolean hasCredential() {
    return password.isKnown() || key.key().isPresent() || certificate instanceof Issued;
  }

  /** The same with a password that has been made meanwhile. */
  public UserDecision with(Password made) {
    return new UserDecision(seen, accepted, made, key, certificate, isCutOff);
  }

  /** The same with a pre-shared key that has been made meanwhile. */
  public UserDecision with(KeyDecision made) {
    return new UserDecision(seen, accepted, password, made, certificate, isCutOff);
  }

  /** The same with another verdict. */
  public UserDecision judged(Verdict verdict) {
    return new UserDecision(seen, verdict, password, key, certificate, isCutOff);
  }

  /** The same with a certificate. */
  public UserDecision with(ClientCertificate decided, boolean isCutOff) {
    return new UserDecision(seen, accepted, password, key, decided, isCutOff);
  }

  /** What, of the user alone, is not as it is to be, as a sentence. */
  Optional<String> awaits() {
    if (seen.isRenamed()) {
      return Optional.of(
          "Its Secret says another username: the sessions of the one it had are being ended.");
    }
    if (isCutOff) {
      return Optional.of(
          "Sessions that were opened with a certificate or key that does not count any more are"
              + " being ended.");
    }
    return certificate instanceof Awaited awaited ? Optional.of(awaited.why()) : Optional.empty();
  }
}
