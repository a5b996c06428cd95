package io.mqttoperator.operator.broker.revision;

import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.AclDecision;
import io.mqttoperator.operator.access.BrokerAccess;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.AccessResources;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Users and ACLs of one broker, and what is asked about them.
 *
 * @param topics of messages
 * @param filters of subscriptions: the client of index i subscribes to that of index i
 */
record AccessCase(
    List<UserDecision> users, List<MqttAcl> acls, List<String> topics, List<String> filters) {

  AccessPlan plan() {
    return AccessPlan.of(users, acls, AccessResources.TENANCY);
  }

  /** What the definition says. */
  BrokerAccess access() {
    return new BrokerAccess(
        plan().acls().stream()
            .filter(acl -> acl.accepted().isTrue() && !acl.isBeingDeleted())
            .map(AclDecision::acl)
            .toList());
  }

  /** All that is needed to see it again. */
  @Override
  public String toString() {
    return "users:\n"
        + users.stream()
            .map(
                user ->
                    "  %s is called %s, labels %s, %s\n"
                        .formatted(
                            user.seen().uid(),
                            user.seen().username(),
                            user.user().getMetadata().getLabels(),
                            user.mayLogIn() ? "may log in" : "may not log in"))
            .collect(Collectors.joining())
        + "acls:\n"
        + acls.stream()
            .map(acl -> "  " + acl.getMetadata().getUid() + " " + acl.getSpec() + "\n")
            .collect(Collectors.joining());
  }
}
