package io.mqttoperator.operator.broker.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.AclDecision;
import io.mqttoperator.operator.access.AclStatusComposer;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.Orphans;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserStatusComposer;
import io.mqttoperator.operator.broker.clients.CredentialRules;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.sessions.Departures;
import io.mqttoperator.operator.broker.status.WarningEvents.WarningEvent;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Contained;
import io.mqttoperator.operator.kube.EventRecorder;
import io.mqttoperator.operator.kube.Patience;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.StatusWriter;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.kube.Writes;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Says, in the status of each resource, what a pass has found. */
public final class StatusPass {

  private final StatusWriter writer;
  private final Writes writes;
  private final EventRecorder events;
  private final Clock clock;

  public StatusPass(StatusWriter writer, Writes writes, EventRecorder events, Clock clock) {
    this.writer = writer;
    this.writes = writes;
    this.events = events;
    this.clock = clock;
  }

  /** Before a change of the spec takes effect: how it will. */
  public void announce(MqttBroker broker, Verdict how) {
    var before = broker.getStatus();
    var standing = before == null ? null : before.conditions();
    if (before == null || standing == null) {
      return;
    }
    var generation = broker.getMetadata().getGeneration();
    var conditions = Conditions.notReady(standing, how, generation, clock);
    if (how.reason() == Reason.RESTARTING) {
      events.normal(broker, Reason.RESTARTING.text(), how.message());
    }
    writer.write(broker, before, before.withConditions(conditions));
  }

  /** Before files are written: what was proven of these is no longer so. */
  public void applying(ProvenAccess.Changes changes) throws InterruptedException {
    var pending =
        new Enforcement.Pending(Reason.APPLYING, "A change is on its way to the running pods.");
    var users =
        changes.users().stream()
            .filter(user -> user.user().getStatus() != null)
            .filter(user -> isEnforced(user.user().getStatus().conditions()))
            .toList();
    var acls =
        changes.acls().stream()
            .filter(acl -> acl.acl().getStatus() != null)
            .filter(acl -> isEnforced(acl.acl().getStatus().conditions()))
            .toList();
    writes.forEach(users, user -> user(user, pending, true));
    writes.forEach(acls, acl -> acl(acl, pending, true));
  }

  private static boolean isEnforced(@Nullable List<Condition> conditions) {
    return Conditions.isTrue(conditions, Conditions.ENFORCED);
  }

  /**
   * Of users and ACLs, after the proof; of those that may go now, nothing more is said.
   *
   * @param each what is to be said of a user in place of what was seen of the pods
   * @param patience what is not said when it ends is said by the next pass
   */
  @SuppressWarnings("ReferenceEquality") // what was seen, or something else
  public void access(
      AccessPlan plan,
      SaidStatuses.Look look,
      BiFunction<UserDecision, Enforcement, Enforcement> each,
      Patience patience)
      throws InterruptedException {
    var enforcement = look.enforcement();
    var users =
        plan.users().stream()
            .filter(
                user ->
                    each.apply(user, enforcement) != enforcement
                        || !look.isSaid(look.users(), user.seen().uid(), user))
            .filter(user -> !Departures.mayGo(user.user(), enforcement))
            .toList();
    var acls =
        plan.acls().stream()
            .filter(acl -> !look.isSaid(look.acls(), acl.uid(), acl))
            .filter(acl -> !Departures.mayGo(acl.acl(), enforcement))
            .toList();
    var saidOfAcls = writes.forEach(acls, acl -> acl(acl, enforcement, look.isUnproven(acl.uid())));
    var saidOfUsers =
        writes.forFirst(
            users,
            user -> user(user, each.apply(user, enforcement), look.isUnproven(user.seen().uid())),
            patience);
    for (int i = 0; i < saidOfUsers.size(); i++) {
      if (saidOfUsers.get(i) && each.apply(users.get(i), enforcement) == enforcement) {
        look.said(look.users(), users.get(i).seen().uid(), users.get(i));
      }
    }
    for (int i = 0; i < acls.size(); i++) {
      if (saidOfAcls.get(i)) {
        look.said(look.acls(), acls.get(i).uid(), acls.get(i));
      }
    }
    look.end();
  }

  /** Nothing is written for a paused broker but this. */
  public void paused(BrokerProfile profile, BrokerObservation seen) throws InterruptedException {
    var paused = new Enforcement.Paused();
    var stored = seen.storedHashes();
    var users =
        seen.users().stream()
            .map(user -> CredentialRules.decide(user, profile.authentications(), stored))
            .toList();
    var plan = AccessPlan.of(users, seen.acls(), seen.tenancy());
    writes.forEach(users, user -> user(user, paused, false));
    writes.forEach(plan.acls(), acl -> acl(acl, paused, false));
    var why = paused.unproven();
    broker(
        profile.broker(),
        seen,
        new BrokerFindings(
            Optional.of(profile),
            Verdict.yes(Reason.ACCEPTED, "The spec is valid."),
            Verdict.unknown(why.reason(), why.message()),
            Optional.empty(),
            Optional.empty(),
            plan.rules(),
            paused,
            Verdict.unknown(why.reason(), why.message()),
            Map.of(),
            seen.statefulSet()));
  }

  /** For users and ACLs whose broker is not there. */
  public void orphans(BrokerObservation seen) throws InterruptedException {
    writes.forEach(
        seen.users(),
        user -> {
          var verdict = brokerNotFound(user.user(), seen);
          return user(
              new UserDecision(user, verdict, new Password.None()), pending(verdict), false);
        });
    writes.forEach(
        seen.acls(),
        acl -> {
          var verdict = brokerNotFound(acl, seen);
          return acl(new AclDecision(acl, verdict, List.of()), pending(verdict), false);
        });
  }

  private static Verdict brokerNotFound(HasMetadata resource, BrokerObservation seen) {
    return Orphans.brokerNotFound(resource.getMetadata().getNamespace(), seen.key());
  }

  private static Enforcement pending(Verdict verdict) {
    return new Enforcement.Pending(verdict.reason(), verdict.message());
  }

  public void broker(MqttBroker broker, BrokerObservation seen, BrokerFindings findings) {
    var before = broker.getStatus();
    var status = BrokerStatusComposer.compose(broker, seen, findings, clock);
    writer.write(broker, before, status);
    var was = before == null ? null : before.conditions();
    warn(broker, WarningEvents.of(before, status));
    var isReady = Conditions.isTrue(status.conditions(), Conditions.READY);
    if (isReady && !Conditions.isTrue(was, Conditions.READY)) {
      events.normal(broker, "Ready", "All pods are ready and enforce the newest revision.");
    }
    warn(broker, ConditionEvents.ofBroker(was, status.conditions()));
  }

  private void warn(HasMetadata about, List<WarningEvent> news) {
    news.forEach(event -> events.warning(about, event.reason(), event.message()));
  }

  /** Answers whether the status said it already. */
  private boolean user(UserDecision user, Enforcement enforcement, boolean isUnproven) {
    var before = user.user().getStatus();
    var status = UserStatusComposer.compose(user, enforcement, isUnproven, clock);
    return say(
        user.user(),
        before,
        status,
        before == null ? null : before.conditions(),
        status.conditions());
  }

  private boolean acl(AclDecision acl, Enforcement enforcement, boolean isUnproven) {
    var before = acl.acl().getStatus();
    var status = AclStatusComposer.compose(acl, enforcement, isUnproven, clock);
    return say(
        acl.acl(),
        before,
        status,
        before == null ? null : before.conditions(),
        status.conditions());
  }

  private boolean say(
      HasMetadata about,
      @Nullable Object before,
      Object status,
      @Nullable List<Condition> conditionsBefore,
      @Nullable List<Condition> conditions) {
    var written = Contained.of(about, () -> writer.write(about, before, status));
    if (written.isEmpty()) {
      return false;
    }
    warn(about, ConditionEvents.ofMember(conditionsBefore, conditions));
    return !written.get();
  }
}
