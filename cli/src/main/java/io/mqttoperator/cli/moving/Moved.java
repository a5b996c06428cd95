package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The resources, and what they do not say.
 *
 * @param secrets with hashes of passwords: of these no message may show more than the names
 * @param leftOvers by what has become of it, then by place
 */
public record Moved(
    ObjectNode broker,
    List<ObjectNode> acls,
    List<ObjectNode> secrets,
    List<ObjectNode> users,
    List<LeftOver> leftOvers) {

  public Moved {
    acls = List.copyOf(acls);
    secrets = List.copyOf(secrets);
    users = List.copyOf(users);
    leftOvers = List.copyOf(leftOvers);
  }

  public long count(LeftOver.Fate fate) {
    return leftOvers.stream().filter(leftOver -> leftOver.fate() == fate).count();
  }

  /** Of the resources only how many there are. */
  @Override
  public String toString() {
    return "%d users, %d ACLs".formatted(users.size(), acls.size());
  }
}
