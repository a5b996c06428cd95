package io.mqttoperator.operator.access;

/** What stands where a user's {@code password.secretRef} points. */
public sealed interface OwnPassword {

  /** There is no such Secret. */
  record Absent() implements OwnPassword {}

  /** The Secret does not carry the label by which its owner offers it. */
  record NotOffered() implements OwnPassword {}

  /** The Secret has no such key. */
  record KeyMissing() implements OwnPassword {}

  /** The bytes under the key, not yet checked, at the Secret's version. */
  record Found(SecretBytes bytes, String resourceVersion) implements OwnPassword {}
}
