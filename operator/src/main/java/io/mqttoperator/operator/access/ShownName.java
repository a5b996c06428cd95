package io.mqttoperator.operator.access;

import io.mqttoperator.operator.access.Enforcement.Proven;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a user's status says of its name.
 *
 * @param username that clients log in with; of a user whose Secret says it, once it is proven
 * @param pending what is to be it
 */
record ShownName(@Nullable String username, @Nullable String pending) {

  private static final ShownName NONE = new ShownName(null, null);

  /**
   * What to say.
   *
   * @param granted the name that the user gets now
   * @param found what was seen of the pods, and of this user
   */
  static ShownName of(UserDecision decision, Optional<String> granted, Enforcement found) {
    var seen = decision.seen();
    if (seen.followed().isEmpty()) {
      return new ShownName(seen.username(), null);
    }
    var name = seen.followed().get();
    // What the cache does not show yet must not be taken back.
    var next = granted.or(name::granted);
    if (next.isPresent()) {
      return new ShownName(null, next.get());
    }
    if (name.held().isEmpty()) {
      return NONE;
    }
    var held = name.held().get();
    var status = seen.user().getStatus();
    var wasProven = status != null && status.pendingUsername() == null;
    return wasProven || isProven(decision, found)
        ? new ShownName(held, null)
        : new ShownName(null, held);
  }

  /** Of a disabled user it is proven that nobody is let in under it. */
  private static boolean isProven(UserDecision decision, Enforcement found) {
    return found instanceof Proven
        && !decision.seen().isRenamed()
        && (decision.mayLogIn() || (decision.accepted().isTrue() && decision.seen().isDisabled()));
  }
}
