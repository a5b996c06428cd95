package io.mqttoperator.operator.access;

import java.util.Optional;

/**
 * What comes of a subscription: Mosquitto grants each, and then keeps back every message that the
 * client may not have.
 *
 * @param delivered a topic of which messages come
 * @param withheld a topic that the filter covers and of which none comes
 * @param isExhaustive false: the rules' wildcards overlap so much that the search was given up, and
 *     one that is empty may only not have been found
 */
public record Reach(Optional<Example> delivered, Optional<Example> withheld, boolean isExhaustive) {

  /** How much of what a filter covers is delivered. */
  public enum Extent {
    ALL,
    SOME,
    NONE,
    /** The search was given up. */
    UNKNOWN
  }

  /** A topic, and why. */
  public record Example(String topic, Decision decision) {}

  public Extent extent() {
    if (delivered.isPresent() && withheld.isPresent()) {
      return Extent.SOME;
    }
    if (!isExhaustive) {
      return Extent.UNKNOWN;
    }
    return delivered.isPresent() ? Extent.ALL : Extent.NONE;
  }
}
