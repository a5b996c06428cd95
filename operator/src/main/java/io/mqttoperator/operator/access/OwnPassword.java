package io.mqttoperator.operator.access;

/** What stands where a user's {@code password.secretRef} points. */
public sealed interface OwnPassword {

  /** Whether it is to be a hash: then nobody here knows the password of before either. */
  default boolean isToBeHash() {
    return (this instanceof TooSlow slow && slow.isHash())
        || (this instanceof Found found && found.isHash());
  }

  /** There is no such Secret. */
  record Absent() implements OwnPassword {}

  /** The Secret does not carry the label by which its owner offers it. */
  record NotOffered() implements OwnPassword {}

  /** The Secret has no such key. */
  record KeyMissing(String key) implements OwnPassword {}

  /**
   * More iterations than a tenant may have Mosquitto repeat, for each client and reload, on its
   * only thread.
   *
   * @param isHash whether a hash says so, and not the user's spec
   */
  record TooSlow(int iterations, int most, boolean isHash) implements OwnPassword {}

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
