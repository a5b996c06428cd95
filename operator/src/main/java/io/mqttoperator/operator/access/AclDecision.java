package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.operator.kube.Verdict;

/**
 * What is decided about one ACL in one pass.
 *
 * @param matchedUsers how many accepted users its subjects match now
 */
public record AclDecision(MqttAcl acl, Verdict accepted, int matchedUsers) {

  public boolean isBeingDeleted() {
    return acl.getMetadata().getDeletionTimestamp() != null;
  }
}
