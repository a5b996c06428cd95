package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.operator.kube.Verdict;
import java.util.List;

/**
 * What is decided about one ACL in one pass.
 *
 * @param matched the UIDs of the accepted users that its subjects match now
 */
public record AclDecision(MqttAcl acl, Verdict accepted, List<String> matched) {

  public String uid() {
    return acl.getMetadata().getUid();
  }

  public int matchedUsers() {
    return matched.size();
  }

  public boolean isBeingDeleted() {
    return acl.getMetadata().getDeletionTimestamp() != null;
  }
}
