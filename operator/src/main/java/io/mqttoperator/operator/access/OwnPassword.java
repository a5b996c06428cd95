package io.mqttoperator.operator.access;

/** What stands where a user's {@code password.secretRef} points. */
public sealed interface OwnPassword {

  /** Whether it is to be a hash: then nobody here knows the password of before either. */
  default boolean isToBeHash() {
    return this instanceof TooSlow || (this instanceof Found found && found.isHash());
  }

  /** There is no such Secret. */
  record Absent() implements OwnPassword {}

  /** The Secret does not carry the label by which its owner offers it. */
  record NotOffered() implements OwnPassword {}

  /** The Secret has no such key. */
  record KeyMissing(String key) implements OwnPassword {}

  /**
   * A hash of more iterations than a tenant may have Mosquitto repeat, for each client and reload,
   * on its only thread.
   */
  record TooSlow(int iterations, int most) implements OwnPassword {}

  /**
   * The bytes under the key, not yet checked, at the Secret's version.
   *
   * @param isHash whether they are said to be a hash of the password
   */
  record Found(SecretBytes bytes, String resourceVersion, boolean isHash) implements OwnPassword {

    /** A password itself. */
    public Found(SecretBytes bytes, String resourceVersion) {
      this(bytes, resourceVersion, false);
    }
  }
}
