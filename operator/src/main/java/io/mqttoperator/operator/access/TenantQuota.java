package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what the ACLs of each tenant's namespace hold, as they are accepted one by one. */
final class TenantQuota {

  /** The oldest are taken first: who comes later cannot push them out. */
  static final Comparator<MqttAcl> BY_AGE =
      Comparator.comparing(
              (MqttAcl acl) -> acl.getMetadata().getCreationTimestamp(),
              Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(acl -> acl.getMetadata().getName())
          .thenComparing(acl -> acl.getMetadata().getNamespace());

  private final Tenancy tenancy;
  private final Map<String, Integer> rules = new HashMap<>();
  private final Map<String, Long> lines = new HashMap<>();

  TenantQuota(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /** Counts an ACL's rules, or says why they are too many. */
  Optional<Verdict> refuseRules(MqttAcl acl) {
    var namespace = acl.getMetadata().getNamespace();
    var bounds = tenancy.boundsOf(namespace);
    if (bounds.isEmpty()) {
      return Optional.empty();
    }
    var all = rules.getOrDefault(namespace, 0) + acl.getSpec().rules().size();
    if (all > bounds.get().maxRules()) {
      return exceeded(
          "the ACLs of namespace %s may hold %d rules (maxRules), and with this one hold %d"
              .formatted(namespace, bounds.get().maxRules(), all));
    }
    rules.put(namespace, all);
    return Optional.empty();
  }

  /** The same with the lines that an ACL comes to; to be asked before they are written out. */
  Optional<Verdict> refuseLines(MqttAcl acl, List<UserDecision> matched) {
    var namespace = acl.getMetadata().getNamespace();
    var bounds = tenancy.boundsOf(namespace);
    if (bounds.isEmpty()) {
      return Optional.empty();
    }
    var topics = acl.getSpec().rules().stream().mapToLong(rule -> rule.topics().size()).sum();
    var users = matched.stream().filter(UserDecision::mayLogIn).count();
    var all = lines.getOrDefault(namespace, 0L) + topics * users;
    if (all > bounds.get().maxLines()) {
      return exceeded(
          "the ACLs of namespace %s may come to %d lines, one for each topic and user, and with"
                  .formatted(namespace, bounds.get().maxLines())
              + " this one come to %d".formatted(all));
    }
    lines.put(namespace, all);
    return Optional.empty();
  }

  private static Optional<Verdict> exceeded(String what) {
    return Optional.of(
        Verdict.no(
            Reason.QUOTA_EXCEEDED,
            "The broker's quota: " + what + ". Ask its owner for more, or remove rules."));
  }
}
