package io.mqttoperator.operator.access;

import io.mqttoperator.api.Access;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.AccessShards;
import io.mqttoperator.operator.mosquitto.AclEntry;
import io.mqttoperator.operator.mosquitto.Right;
import io.mqttoperator.operator.mosquitto.TopicFilter;
import io.mqttoperator.operator.mosquitto.TopicTemplate;
import io.mqttoperator.operator.mosquitto.UserAccess;
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
 * What is granted to whom on one broker. A rule is written out for each user it is for: Mosquitto's
 * patterns would also cover anonymous clients and users that are gone.
 *
 * @param entries by the user's UID, for each user that may log in
 * @param anonymous for clients without a name
 * @param rules how many rules the accepted ACLs hold together
 */
public record AccessPlan(
    List<UserDecision> users,
    List<AclDecision> acls,
    Map<String, List<AclEntry>> entries,
    List<AclEntry> anonymous,
    int rules) {

  /** Matches and expands all accepted ACLs; the order of the arguments does not matter. */
  public static AccessPlan of(List<UserDecision> users, Collection<MqttAcl> acls, Tenancy tenancy) {
    var byNamespace =
        users.stream()
            .filter(user -> !user.seen().isBeingDeleted())
            .filter(user -> user.accepted().isTrue() || user.mayLogIn())
            .collect(Collectors.groupingBy(AccessPlan::namespaceOf));
    var byName = new HashMap<String, Map<String, UserDecision>>();
    byNamespace.forEach((namespace, members) -> byName.put(namespace, byName(members)));
    var entries = new HashMap<String, List<AclEntry>>();
    var anonymous = new ArrayList<AclEntry>();
    var decisions = new ArrayList<AclDecision>();
    var quota = new TenantQuota(tenancy);
    var rules = 0;
    for (var acl : acls.stream().sorted(TenantQuota.BY_AGE).toList()) {
      // First of all: to check and match costs more, and a tenant may have any number of ACLs.
      var accepted = quota.refuseRules(acl).orElseGet(() -> AclRules.check(acl, tenancy));
      var namespace = acl.getMetadata().getNamespace();
      var matched =
          accepted.isTrue()
              ? matches(
                  acl,
                  byNamespace.getOrDefault(namespace, List.of()),
                  byName.getOrDefault(namespace, Map.of()))
              : List.<UserDecision>of();
      var exceeded =
          accepted.isTrue() ? quota.refuseLines(acl, matched) : Optional.<Verdict>empty();
      if (exceeded.isPresent()) {
        accepted = exceeded.get();
        matched = List.of();
      }
      var decision =
          new AclDecision(acl, accepted, matched.stream().map(user -> user.seen().uid()).toList());
      decisions.add(decision);
      if (accepted.isTrue() && !decision.isBeingDeleted()) {
        rules += acl.getSpec().rules().size();
        matched.stream()
            .filter(UserDecision::mayLogIn)
            .forEach(
                user ->
                    entries
                        .computeIfAbsent(user.seen().uid(), uid -> new ArrayList<>())
                        .addAll(expand(acl, user)));
        if (AclRules.isForAnonymous(acl)) {
          anonymous.addAll(expandAnonymous(acl));
        }
      }
    }
    return new AccessPlan(users, decisions, entries, anonymous, rules);
  }

  /**
   * The tenant's namespace that fills any one shard the most; empty if none has anything to give
   * up. What counts is a single shard: a name decides on its user's, and a tenant chooses names.
   */
  public Optional<String> largestTenant(Tenancy tenancy) {
    var sizes = new HashMap<TenantShard, Long>();
    for (var user : users) {
      if (user.mayLogIn() && tenancy.boundsOf(namespaceOf(user)).isPresent()) {
        var shard =
            AccessShards.indexOf(new Username(user.seen().username()), AccessShards.MAX_SHARDS);
        var entriesOf = entries.getOrDefault(user.seen().uid(), List.of());
        sizes.merge(
            new TenantShard(namespaceOf(user), shard), UserAccess.bytes(entriesOf), Long::sum);
      }
    }
    return sizes.entrySet().stream()
        .max(
            Map.Entry.<TenantShard, Long>comparingByValue()
                .thenComparing(entry -> entry.getKey().namespace()))
        .map(entry -> entry.getKey().namespace());
  }

  private record TenantShard(String namespace, int shard) {}

  /** The same without one tenant's namespace, which takes too much: its users and its rules. */
  public AccessPlan without(String namespace) {
    var tooLarge =
        Verdict.no(
            Reason.TOO_LARGE,
            "The broker's files do not hold all users and rules, and namespace %s takes the most."
                    .formatted(namespace)
                + " Remove some, or ask the broker's owner.");
    var kept = new HashMap<>(entries);
    users.stream()
        .filter(user -> namespaceOf(user).equals(namespace))
        .forEach(user -> kept.remove(user.seen().uid()));
    var keptUsers =
        users.stream()
            .map(
                user ->
                    namespaceOf(user).equals(namespace)
                        ? new UserDecision(
                            user.seen(),
                            user.accepted().isTrue() ? tooLarge : user.accepted(),
                            new Password.None())
                        : user)
            .toList();
    var keptAcls =
        acls.stream()
            .map(
                acl ->
                    acl.acl().getMetadata().getNamespace().equals(namespace)
                            && acl.accepted().isTrue()
                        ? new AclDecision(acl.acl(), tooLarge, List.of())
                        : acl)
            .toList();
    var keptRules =
        keptAcls.stream()
            .filter(acl -> acl.accepted().isTrue() && !acl.isBeingDeleted())
            .mapToInt(acl -> acl.acl().getSpec().rules().size())
            .sum();
    return new AccessPlan(keptUsers, keptAcls, kept, anonymous, keptRules);
  }

  private static String namespaceOf(UserDecision user) {
    return user.user().getMetadata().getNamespace();
  }

  /** Which of the users of an ACL's own namespace it is for. */
  private static List<UserDecision> matches(
      MqttAcl acl, List<UserDecision> users, Map<String, UserDecision> byName) {
    var matched = new LinkedHashMap<String, UserDecision>();
    for (var subject : acl.getSpec().subjects()) {
      matching(subject, users, byName)
          .forEach(user -> matched.putIfAbsent(user.seen().uid(), user));
    }
    return List.copyOf(matched.values());
  }

  private static Map<String, UserDecision> byName(List<UserDecision> users) {
    return users.stream()
        .collect(
            Collectors.toMap(
                user -> user.user().getMetadata().getName(),
                Function.identity(),
                (first, second) -> first));
  }

  private static Stream<UserDecision> matching(
      Subject subject, List<UserDecision> users, Map<String, UserDecision> byName) {
    if (subject.user() != null) {
      return Stream.ofNullable(byName.get(subject.user()));
    }
    var selector = subject.userSelector();
    if (selector != null) {
      return users.stream()
          .filter(user -> Selectors.matches(selector, user.user().getMetadata().getLabels()));
    }
    return Boolean.TRUE.equals(subject.allUsers()) ? users.stream() : Stream.empty();
  }

  private static List<AclEntry> expand(MqttAcl acl, UserDecision user) {
    var username = new Username(user.seen().username());
    var namespace = user.user().getMetadata().getNamespace();
    return acl.getSpec().rules().stream()
        .flatMap(
            rule ->
                rule.topics().stream()
                    .map(topic -> new TopicTemplate(topic).expand(username, namespace))
                    .map(filter -> entry(rule, filter)))
        .toList();
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
