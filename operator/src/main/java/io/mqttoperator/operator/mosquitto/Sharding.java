package io.mqttoperator.operator.mosquitto;

/** What {@link AccessShards#of} finds. */
public sealed interface Sharding {
  /** The users and rules do not fit; the message is a sentence with the arithmetic. */
  record TooLarge(String message) implements Sharding {}

  /** They fit. */
  record Fitting(AccessShards shards) implements Sharding {}
}
