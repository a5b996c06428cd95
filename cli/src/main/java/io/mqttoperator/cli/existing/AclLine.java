package io.mqttoperator.cli.existing;

import io.mqttoperator.operator.mosquitto.Right;

/**
 * A {@code topic} or {@code pattern} line of an ACL file.
 *
 * @param filter of a pattern with {@code %u} and {@code %c} as they stand
 */
public record AclLine(Place place, Right right, String filter) {

  public boolean isDeny() {
    return right == Right.DENY;
  }
}
