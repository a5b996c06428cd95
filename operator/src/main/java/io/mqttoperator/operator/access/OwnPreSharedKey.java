package io.mqttoperator.operator.access;

/** What stands where a user's {@code preSharedKey.secretRef} points. */
public sealed interface OwnPreSharedKey {

  /** There is no such Secret. */
  record Absent() implements OwnPreSharedKey {}

  /** The Secret does not carry the label by which its owner offers it. */
  record NotOffered() implements OwnPreSharedKey {}

  /** The Secret has no such key. */
  record KeyMissing(String key) implements OwnPreSharedKey {}

  /** The bytes under the key, not yet checked, at the Secret's version. */
  record Found(SecretBytes bytes, String resourceVersion) implements OwnPreSharedKey {}

  /** Another text for each thing that may have changed without a new generation. */
  default String version() {
    return switch (this) {
      case Found found -> found.resourceVersion();
      case Absent absent -> "absent";
      case NotOffered notOffered -> "not offered";
      case KeyMissing keyMissing -> "key missing";
    };
  }
}
