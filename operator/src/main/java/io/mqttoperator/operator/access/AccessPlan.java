package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.AccessShards;
import io.mqttoperator.operator.mosquitto.AclEntry;
import io.mqttoperator.operator.mosquitto.UserAccess;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    return new AccessPlanner().plan(users, acls, tenancy);
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

  static String namespaceOf(UserDecision user) {
    return user.user().getMetadata().getNamespace();
  }
}
