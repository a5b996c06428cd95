package io.mqttoperator.operator.broker;

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
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.EventRecorder;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.StatusWriter;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says, in the status of each resource, what a pass has found. */
final class StatusPass {

  private final StatusWriter writer;
  private final Writes writes;
  private final EventRecorder events;
  private final Clock clock;

  StatusPass(StatusWriter writer, Writes writes, EventRecorder events, Clock clock) {
    this.writer = writer;
    this.writes = writes;
    this.events = events;
    this.clock = clock;
  }

  /** Before files are written: what was proven of these users is no longer so. */
  void applying(List<UserDecision> changed) throws InterruptedException {
    var pending =
        new Enforcement.Pending(Reason.APPLYING, "A change is on its way to the running pods.");
    var shown =
        changed.stream()
            .filter(user -> user.user().getStatus() != null)
            .filter(
                user ->
                    Conditions.isTrue(user.user().getStatus().conditions(), Conditions.ENFORCED))
            .toList();
    writes.forEach(shown, user -> user(user, pending, true));
  }

  /** After the proof; of those that may go now, nothing more is said. */
  void all(
      MqttBroker broker,
      BrokerObservation seen,
      BrokerFindings findings,
      AccessPlan plan,
      Collection<UserDecision> changed)
      throws InterruptedException {
    var changedUsers = new HashSet<>(changed);
    var enforcement = findings.enforcement();
    writes.forEach(
        plan.users().stream().filter(user -> !Departures.mayGo(user.user(), enforcement)).toList(),
        user -> user(user, enforcement, changedUsers.contains(user)));
    writes.forEach(
        plan.acls().stream().filter(acl -> !Departures.mayGo(acl.acl(), enforcement)).toList(),
        acl -> acl(acl, enforcement));
    broker(broker, seen, findings);
  }

  /** Nothing is written for a paused broker but this. */
  void paused(BrokerProfile profile, BrokerObservation seen) throws InterruptedException {
    var paused = new Enforcement.Paused();
    var users =
        seen.users().stream()
            .map(user -> UserSecrets.decide(user, profile.takesPasswords()))
            .toList();
    var plan = AccessPlan.of(users, seen.acls());
    writes.forEach(users, user -> user(user, paused, false));
    writes.forEach(plan.acls(), acl -> acl(acl, paused));
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
            Map.of(),
            seen.statefulSet()));
  }

  /** For users and ACLs whose broker is not there. */
  void orphans(BrokerObservation seen) throws InterruptedException {
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
          return acl(new AclDecision(acl, verdict, 0), pending(verdict));
        });
  }

  private static Verdict brokerNotFound(HasMetadata resource, BrokerObservation seen) {
    return Orphans.brokerNotFound(resource.getMetadata().getNamespace(), seen.key());
  }

  private static Enforcement pending(Verdict verdict) {
    return new Enforcement.Pending(verdict.reason(), verdict.message());
  }

  /** Where the broker as a whole is refused: for users and ACLs, nothing new is in effect. */
  void refused(MqttBroker broker, BrokerObservation seen, Verdict verdict)
      throws InterruptedException {
    var enforcement = pending(verdict);
    var users = seen.users().stream().map(user -> UserSecrets.decide(user, true)).toList();
    writes.forEach(users, user -> user(user, enforcement, false));
    writes.forEach(AccessPlan.of(users, seen.acls()).acls(), acl -> acl(acl, enforcement));
    broker(broker, seen, BrokerStatusComposer.refused(seen, verdict));
  }

  void broker(MqttBroker broker, BrokerObservation seen, BrokerFindings findings) {
    var before = broker.getStatus();
    var status = BrokerStatusComposer.compose(broker, seen, findings, clock);
    writer.write(broker, before, status);
    var was = before == null ? null : before.conditions();
    var isReady = Conditions.isTrue(status.conditions(), Conditions.READY);
    if (isReady && !Conditions.isTrue(was, Conditions.READY)) {
      events.normal(broker, "Ready", "All pods are ready and enforce the newest revision.");
    }
    if (findings.accepted().isFalse()
        && !Conditions.find(was, Conditions.ACCEPTED)
            .map(condition -> findings.accepted().reason().text().equals(condition.getReason()))
            .orElse(false)) {
      events.warning(broker, findings.accepted().reason().text(), findings.accepted().message());
    }
  }

  private boolean user(UserDecision user, Enforcement enforcement, boolean inputsChanged) {
    var status = UserStatusComposer.compose(user, enforcement, inputsChanged, clock);
    writer.write(user.user(), user.user().getStatus(), status);
    return true;
  }

  private boolean acl(AclDecision acl, Enforcement enforcement) {
    writer.write(
        acl.acl(), acl.acl().getStatus(), AclStatusComposer.compose(acl, enforcement, clock));
    return true;
  }
}
