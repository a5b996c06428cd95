package io.mqttoperator.operator.access;

import java.util.Optional;

/**
 * What was seen of a user's pre-shared key.
 *
 * @param own what the user's own Secret holds; empty where the key is generated, or none is asked
 *     for
 * @param current the key in the Secret that we wrote, if there is one
 */
public record SeenPreSharedKey(Optional<OwnPreSharedKey> own, Optional<Written> current) {

  public static final SeenPreSharedKey NONE =
      new SeenPreSharedKey(Optional.empty(), Optional.empty());

  /**
   * A key in a Secret that the operator wrote.
   *
   * @param generation the {@code preSharedKey.generation} that it was made for
   */
  public record Written(SecretBytes bytes, int generation) {}
}
