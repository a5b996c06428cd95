package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUserStatus;
import io.mqttoperator.api.MqttUserStatus.Binding;
import io.mqttoperator.api.MqttUserStatus.Credential;
import io.mqttoperator.api.MqttUserStatus.UserCertificateStatus;
import io.mqttoperator.operator.access.Enforcement.Proven;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A user's status, from what was decided and what was seen. Pure. */
public final class UserStatusComposer {

  private UserStatusComposer() {}

  /**
   * Composes it.
   *
   * @param isUnproven whether the user's credential or rules differ from what was proven last
   */
  public static MqttUserStatus compose(
      UserDecision decision, Enforcement enforcement, boolean isUnproven, Clock clock) {
    return compose(decision, enforcement, isUnproven, Optional.empty(), clock);
  }

  /**
   * Composes it.
   *
   * @param granted the name that the user gets now in place of the one that it had
   */
  public static MqttUserStatus compose(
      UserDecision decision,
      Enforcement enforcement,
      boolean isUnproven,
      Optional<String> granted,
      Clock clock) {
    var user = decision.user();
    var before = user.getStatus();
    var generation = user.getMetadata().getGeneration();
    var conditionsBefore = before == null ? null : before.conditions();
    var awaited = decision.accepted().isTrue() ? decision.awaits() : Optional.<String>empty();
    var isStanding =
        !isUnproven
            && awaited.isEmpty()
            && before != null
            && EnforcedVerdict.isObserved(before.observedGeneration(), generation);
    var found =
        enforcement instanceof Proven
            ? awaited.map(UserStatusComposer::pending).orElse(enforcement)
            : enforcement;
    var verdicts =
        EnforcedVerdict.conditions(
            decision.accepted(), proven(decision), found, isStanding, conditionsBefore);
    var certificate = certificate(decision, before);
    overdue(decision, certificate, clock)
        .ifPresent(verdict -> verdicts.put(Conditions.CERTIFICATE_OVERDUE, verdict));
    var name = ShownName.of(decision, granted, found);
    var password = ownPassword(decision);
    var key = ownKey(decision);
    return new MqttUserStatus(
        generation,
        Conditions.compose(conditionsBefore, verdicts, generation, clock),
        name.username(),
        name.pending(),
        binding(decision, before),
        certificate,
        proven(
            password == null ? key : password, found, before == null ? null : before.credential()),
        proven(key, found, before == null ? null : before.preSharedKey()));
  }

  private static Enforcement pending(String why) {
    return new Enforcement.Pending(Reason.APPLYING, why);
  }

  private static @Nullable UserCertificateStatus certificate(
      UserDecision decision, @Nullable MqttUserStatus before) {
    return switch (decision.certificate()) {
      case ClientCertificate.Issued issued ->
          new UserCertificateStatus(
              issued.serial(), seconds(issued.notAfter()), seconds(issued.renewAt()));
      case ClientCertificate.Awaited awaited -> before == null ? null : before.certificate();
      case ClientCertificate.NotAsked none -> null;
      case ClientCertificate.Refused refused -> null;
    };
  }

  /** Where nobody decides on it, as of a broker that is paused or refused, by what stands there. */
  private static Optional<Verdict> overdue(
      UserDecision decision, @Nullable UserCertificateStatus certificate, Clock clock) {
    if (certificate == null) {
      return Optional.empty();
    }
    var why =
        switch (decision.certificate()) {
          case ClientCertificate.Issued issued -> issued.overdue();
          case ClientCertificate.Awaited awaited ->
              Optional.of(Instant.parse(certificate.renewAt()))
                  .filter(renewAt -> ClientCertificate.isOverdue(renewAt, clock.instant()))
                  .map(late -> "See what other conditions of the user, and of its broker, say.");
          case ClientCertificate.NotAsked none -> Optional.<String>empty();
          case ClientCertificate.Refused refused -> Optional.<String>empty();
        };
    return why.map(
        because ->
            Verdict.yes(
                Reason.RENEWAL_OVERDUE,
                "The certificate (serial %s) was to be renewed at %s, and ends at %s. %s"
                    .formatted(
                        certificate.serial(),
                        certificate.renewAt(),
                        certificate.notAfter(),
                        because)));
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static Verdict proven(UserDecision decision) {
    if (!decision.accepted().isTrue() && !decision.mayLogIn()) {
      return Verdict.no(decision.accepted().reason(), "The user is refused by the broker.");
    }
    return decision.seen().isDisabled()
        ? Verdict.yes(Reason.DISABLED, "Every running pod refuses the user; its sessions are over.")
        : Verdict.yes(
            Reason.ENFORCED, "Every running pod has been seen to hold credential and rules.");
  }

  /**
   * The Secret outlives a broker that is gone for a while, and a new name that is refused, and so
   * does what names it.
   */
  private static @Nullable Binding binding(UserDecision decision, @Nullable MqttUserStatus before) {
    var keepsOld =
        decision.seen().isRenamed()
            || decision.password() instanceof Password.LastGood
            || decision.password() instanceof Password.LastGoodHash
            || decision.key() instanceof KeyDecision.LastGood
            || decision.certificate() instanceof ClientCertificate.Refused
            || decision.certificate() instanceof ClientCertificate.Awaited
            || decision.accepted().reason() == Reason.BROKER_NOT_FOUND;
    if (keepsOld) {
      return before == null ? null : before.binding();
    }
    return decision.hasCredential()
        ? new Binding(UserObservation.secretName(decision.user()))
        : null;
  }

  /** What is the user's own now, once it is proven; until then, what was before. */
  private static @Nullable Credential proven(
      @Nullable Credential now, Enforcement enforcement, @Nullable Credential before) {
    return now == null || enforcement instanceof Proven ? now : before;
  }

  private static @Nullable Credential ownPassword(UserDecision decision) {
    var version =
        switch (decision.password()) {
          case Password.Own own -> own.resourceVersion();
          case Password.OwnHash own -> own.resourceVersion();
          default -> null;
        };
    return version == null
        ? null
        : new Credential(
            Objects.requireNonNull(
                    Objects.requireNonNull(decision.user().getSpec().password()).secretRef())
                .name(),
            version);
  }

  private static @Nullable Credential ownKey(UserDecision decision) {
    return decision.key() instanceof KeyDecision.Own own
        ? new Credential(
            Objects.requireNonNull(
                    Objects.requireNonNull(decision.user().getSpec().preSharedKey()).secretRef())
                .name(),
            own.resourceVersion())
        : null;
  }
}
