package io.mqttoperator.operator.access;

import io.mqttoperator.api.Access;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttAclSpec;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.memo.Memo;
import io.mqttoperator.operator.mosquitto.AclEntry;
import io.mqttoperator.operator.mosquitto.Right;
import io.mqttoperator.operator.mosquitto.TopicFilter;
import io.mqttoperator.operator.mosquitto.TopicTemplate;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes plans for one broker, and remembers what of the last one still holds: an ACL is checked,
 * and its rules written out for a user, when either has changed. The same plan comes of nothing
 * remembered. For one thread at a time.
 */
public final class AccessPlanner {

  private final Memo<Verdict> checked = Memo.ofInputs();
  private final Memo<AclDecision> decided = Memo.ofResults();
  private final Memo<MqttAclSpec> specs = Memo.ofResults();
  private final Memo<List<AclEntry>> expanded = Memo.ofResults();
  private Tenancy tenancy = Tenancy.none("");

  /** Matches and expands all accepted ACLs; the order of the arguments does not matter. */
  public AccessPlan plan(List<UserDecision> users, Collection<MqttAcl> acls, Tenancy of) {
    // The same object as long as it is equal: what was checked under another must not stand.
    tenancy = tenancy.equals(of) ? tenancy : of;
    return new Pass(tenancy, users).plan(acls);
  }

  /** One namespace's users that are not refused. */
  private record Members(
      List<UserDecision> all, List<String> uids, Map<String, UserDecision> byName) {

    static final Members NONE = new Members(List.of(), List.of(), Map.of());

    static Members of(List<UserDecision> users) {
      return new Members(
          users,
          uidsOf(users),
          users.stream()
              .collect(
                  Collectors.toMap(
                      user -> user.user().getMetadata().getName(),
                      Function.identity(),
                      (first, second) -> first)));
    }
  }

  /** Which users an ACL is for; the texts are shared by all ACLs of a namespace. */
  private record Matched(List<UserDecision> users, List<String> uids) {

    static final Matched NONE = new Matched(List.of(), List.of());
  }

  private final class Pass {

    private final Tenancy tenancy;
    private final List<UserDecision> users;
    private final Map<String, Members> members = new HashMap<>();
    private final TenantQuota quota;
    private final Map<String, List<MqttAclSpec>> byUser = new HashMap<>();
    private final Memo<Verdict>.Round checks = checked.round();
    private final Memo<AclDecision>.Round decisions = decided.round();
    private final Memo<MqttAclSpec>.Round wanted = specs.round();

    Pass(Tenancy tenancy, List<UserDecision> users) {
      this.tenancy = tenancy;
      this.users = users;
      this.quota = new TenantQuota(tenancy);
      users.stream()
          .filter(user -> !user.seen().isBeingDeleted())
          .filter(user -> user.accepted().isTrue() || user.mayLogIn())
          .collect(Collectors.groupingBy(AccessPlan::namespaceOf))
          .forEach((namespace, of) -> members.put(namespace, Members.of(of)));
    }

    AccessPlan plan(Collection<MqttAcl> acls) {
      var all = new ArrayList<AclDecision>();
      var anonymous = new ArrayList<AclEntry>();
      var rules = 0;
      for (var acl : acls.stream().sorted(TenantQuota.BY_AGE).toList()) {
        var decision = decide(acl);
        all.add(decision);
        if (decision.accepted().isTrue() && !decision.isBeingDeleted()) {
          rules += acl.getSpec().rules().size();
          if (AclRules.isForAnonymous(acl)) {
            anonymous.addAll(expandAnonymous(acl));
          }
        }
      }
      checks.end();
      decisions.end();
      wanted.end();
      return new AccessPlan(users, all, entries(), anonymous, rules);
    }

    private AclDecision decide(MqttAcl acl) {
      var uid = acl.getMetadata().getUid();
      // First of all: to check and match costs more, and a tenant may have any number of ACLs.
      var accepted =
          quota
              .refuseRules(acl)
              .orElseGet(() -> checks.of(uid, () -> AclRules.check(acl, tenancy), acl, tenancy));
      var matched = accepted.isTrue() ? match(acl) : Matched.NONE;
      var exceeded =
          accepted.isTrue() ? quota.refuseLines(acl, matched.users()) : Optional.<Verdict>empty();
      if (exceeded.isPresent()) {
        accepted = exceeded.get();
        matched = Matched.NONE;
      }
      // The same object as long as it is equal: a new status of an ACL is no new rule.
      var spec = wanted.put(uid, acl.getSpec(), acl);
      if (accepted.isTrue() && acl.getMetadata().getDeletionTimestamp() == null) {
        matched.users().stream()
            .filter(UserDecision::mayLogIn)
            .forEach(
                user ->
                    byUser
                        .computeIfAbsent(user.seen().uid(), other -> new ArrayList<>(2))
                        .add(spec));
      }
      return decisions.put(uid, new AclDecision(acl, accepted, matched.uids()));
    }

    /** Which of the users of an ACL's own namespace it is for. */
    private Matched match(MqttAcl acl) {
      var own = members.getOrDefault(acl.getMetadata().getNamespace(), Members.NONE);
      if (acl.getSpec().subjects().stream()
          .anyMatch(subject -> Boolean.TRUE.equals(subject.allUsers()))) {
        return new Matched(own.all(), own.uids());
      }
      var matched = new LinkedHashMap<String, UserDecision>();
      for (var subject : acl.getSpec().subjects()) {
        matching(subject, own).forEach(user -> matched.putIfAbsent(user.seen().uid(), user));
      }
      var found = List.copyOf(matched.values());
      return new Matched(found, uidsOf(found));
    }

    /** By the user's UID, for those whom any rule is for. */
    private Map<String, List<AclEntry>> entries() {
      var round = expanded.round();
      var entries = HashMap.<String, List<AclEntry>>newHashMap(byUser.size());
      for (var user : users) {
        var acls = byUser.get(user.seen().uid());
        if (acls != null) {
          var inputs = new Object[acls.size() + 1];
          inputs[0] = user.seen().username();
          for (int i = 0; i < acls.size(); i++) {
            inputs[i + 1] = acls.get(i);
          }
          entries.put(
              user.seen().uid(), round.of(user.seen().uid(), () -> expand(acls, user), inputs));
        }
      }
      round.end();
      return entries;
    }
  }

  private static List<String> uidsOf(List<UserDecision> users) {
    return users.stream().map(user -> user.seen().uid()).toList();
  }

  private static Stream<UserDecision> matching(Subject subject, Members members) {
    if (subject.user() != null) {
      return Stream.ofNullable(members.byName().get(subject.user()));
    }
    var selector = subject.userSelector();
    if (selector != null) {
      return members.all().stream()
          .filter(user -> Selectors.matches(selector, user.user().getMetadata().getLabels()));
    }
    return Stream.empty();
  }

  private static List<AclEntry> expand(List<MqttAclSpec> acls, UserDecision user) {
    var username = new Username(user.seen().username());
    var namespace = AccessPlan.namespaceOf(user);
    return AclEntry.merged(
        acls.stream()
            .flatMap(acl -> acl.rules().stream())
            .flatMap(
                rule ->
                    rule.topics().stream()
                        .map(topic -> new TopicTemplate(topic).expand(username, namespace))
                        .map(filter -> entry(rule, filter)))
            .toList());
  }

  private static List<AclEntry> expandAnonymous(MqttAcl acl) {
    var namespace = acl.getMetadata().getNamespace();
    return acl.getSpec().rules().stream()
        .flatMap(
            rule ->
                rule.topics().stream()
                    .map(topic -> new TopicTemplate(topic).expandAnonymous(namespace))
                    .flatMap(Optional::stream)
                    .map(filter -> entry(rule, filter)))
        .toList();
  }

  private static AclEntry entry(Rule rule, TopicFilter filter) {
    if (AclRules.isDeny(rule)) {
      return new AclEntry(Right.DENY, filter);
    }
    var access = AclRules.accessOf(rule);
    if (access.contains(Access.PUBLISH)) {
      return new AclEntry(
          access.contains(Access.SUBSCRIBE) ? Right.READWRITE : Right.WRITE, filter);
    }
    return new AclEntry(Right.READ, filter);
  }
}
