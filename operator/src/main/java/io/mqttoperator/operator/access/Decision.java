package io.mqttoperator.operator.access;

/** Whether a client may do something with one topic, and which rule says so. */
public sealed interface Decision {

  /** A rule allows it, and none denies it. */
  record Allowed(Grant by) implements Decision {}

  /** A rule denies it, whatever others allow. */
  record Denied(Grant by) implements Decision {}

  /** No rule is about it: what is not allowed is refused. */
  record NotAllowed() implements Decision {}

  default boolean isAllowed() {
    return this instanceof Allowed;
  }
}
