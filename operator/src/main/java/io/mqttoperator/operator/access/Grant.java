package io.mqttoperator.operator.access;

import io.mqttoperator.api.Access;
import java.util.Set;

/**
 * One topic of one rule of an ACL, as it holds for one client.
 *
 * @param namespace of the MqttAcl
 * @param acl its name
 * @param rule the rule's index in {@code spec.rules}, from 0
 * @param topic as it stands there, with its placeholders
 * @param allows empty: a Deny, of both directions
 * @param covers which topics that is for this client
 */
public record Grant(
    String namespace, String acl, int rule, String topic, Set<Access> allows, TopicPattern covers) {

  public Grant {
    allows = Set.copyOf(allows);
  }

  public boolean isDeny() {
    return allows.isEmpty();
  }

  /** As one finds it: {@code MqttAcl machines, spec.rules[2], Deny "a/#"}. */
  @Override
  public String toString() {
    return "MqttAcl %s, spec.rules[%d], %s \"%s\""
        .formatted(acl, rule, isDeny() ? "Deny" : "Allow", topic);
  }
}
