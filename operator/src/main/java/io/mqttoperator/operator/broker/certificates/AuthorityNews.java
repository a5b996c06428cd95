package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.pki.Authorities;
import io.mqttoperator.operator.pki.AuthorityRequest;
import io.mqttoperator.operator.pki.AuthorityRollover;
import io.mqttoperator.operator.pki.FormerSigners;
import io.mqttoperator.operator.pki.RolloverDecision.Cause;
import io.mqttoperator.operator.pki.RolloverDecision.Distrust;
import io.mqttoperator.operator.pki.RolloverDecision.Issue;
import io.mqttoperator.operator.pki.RolloverDecision.Observe;
import io.mqttoperator.operator.pki.RolloverDecision.Replace;
import io.mqttoperator.operator.pki.RolloverDecision.Return;
import io.mqttoperator.operator.pki.RolloverDecision.Step;
import io.mqttoperator.operator.pki.RolloverDecision.Trust;
import io.mqttoperator.operator.pki.RolloverDecision.Withdraw;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a rollover of a broker's authority has to say, in sentences. Pure. */
public final class AuthorityNews {

  private AuthorityNews() {}

  /** For events: what was done just now. */
  static List<String> of(AuthorityRollover.Outcome outcome, AuthorityRequest asked) {
    return outcome.steps().stream()
        .map(step -> sentence(step, outcome.authorities(), asked))
        .toList();
  }

  private static String sentence(Step step, Authorities now, AuthorityRequest asked) {
    return switch (step) {
      case Trust trust ->
          "Trust: made the next certificate authority, %s. It issues when all pods trust it."
              .formatted(
                  trust.cause() == Cause.DUE
                      ? "since the present one ends soon"
                      : "since its generation was raised");
      case Withdraw withdraw ->
          "The next certificate authority, which has issued nothing, is not wanted any more.";
      case Issue issue ->
          "Issue: the new certificate authority issues. Clients that trust the former one alone are"
              + " served as before.";
      case Return back ->
          "Issue: a former certificate authority issues again, since its generation is asked for.";
      case Observe observe ->
          "Observe: all that the former certificate authority has issued was replaced; it is trusted"
              + until(now, asked)
              + ".";
      case Distrust distrust ->
          "Distrust: a former certificate authority is trusted no longer: serial %s."
              .formatted(distrust.former().authority().pair().serialHex());
      case Replace replace ->
          "The certificate authority had ended: made another, which clients must learn to trust.";
    };
  }

  private static String until(Authorities now, AuthorityRequest asked) {
    return now.lastUntil(asked.overlap())
        .map(time -> " until " + time.truncatedTo(ChronoUnit.SECONDS))
        .orElse(" for a while");
  }

  /** For status: what is still to come. */
  public static Optional<String> warning(BrokerProfile profile, BrokerSecrets secrets) {
    var now = secrets.generated().authorities();
    var asked = profile.authorityRequest();
    var behind = secrets.behind().values();
    return !secrets.isGeneratedInUse()
        ? Optional.empty()
        : switch (now.stage()) {
          case CURRENT -> Optional.empty();
          case TRUST ->
              Optional.of(
                  "The certificate authority is being replaced (Trust): the next one issues when all"
                      + " running pods trust it. Give the new ca.crt, which has both, to devices outside"
                      + " the cluster."
                      + crowd(now));
          case ISSUE ->
              Optional.of(
                  ("The certificate authority was replaced (Issue): %s. The former one is trusted until"
                          + " overlap (%s) has passed after that. Give the new ca.crt to devices outside"
                          + " the cluster, and new certificates to those that keep them themselves.")
                      .formatted(left(behind), text(asked.overlap())));
          case OBSERVE ->
              Optional.of(
                  ("The certificate authority was replaced (Observe): the former one is trusted%s; %s."
                          + " Until then, give the new ca.crt to devices outside the cluster, and new"
                          + " certificates to those that keep them themselves; to end it now, set"
                          + " spec.certificates.authority.overlap to 0s.")
                      .formatted(until(now, asked), left(behind)));
        };
  }

  /** For status: which authorities that the owner has changed for another are still trusted. */
  public static Optional<String> ofFormers(FormerSigners formers) {
    return formers
        .firstUntil()
        .map(
            until ->
                ("The certificate authority was changed: %s trusted until %s. Give the new ca.crt and"
                        + " certificates to devices outside the cluster until then; to end it now, set"
                        + " spec.certificates.authority.overlap to 0s.%s")
                    .formatted(
                        formers.all().size() == 1
                            ? "the former one is"
                            : "%d former ones are, the first of them,"
                                .formatted(formers.all().size()),
                        until.truncatedTo(ChronoUnit.SECONDS),
                        formers.path().isEmpty()
                            ? " It cannot vouch for the new one: clients that trust it alone refuse"
                                + " the broker already."
                            : formers.all().size() > 1
                                ? " Only the last of them vouches for the new one: clients that trust"
                                    + " another alone refuse the broker already."
                                : ""));
  }

  private static String crowd(Authorities now) {
    return now.formers().isEmpty()
        ? ""
        : " %d former authorities are still trusted: if they are too many, the next one waits until"
                .formatted(now.formers().size())
            + " one of them is not.";
  }

  /** As the spec has it. */
  private static String text(Duration overlap) {
    return overlap.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private static String left(Collection<String> behind) {
    return behind.isEmpty()
        ? "no user's newest certificate is of the former one"
        : "the newest certificates of %d users are of the former one, such as %s"
            .formatted(behind.size(), behind.stream().sorted().findFirst().orElseThrow());
  }
}
