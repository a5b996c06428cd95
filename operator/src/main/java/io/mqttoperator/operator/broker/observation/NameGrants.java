package io.mqttoperator.operator.broker.observation;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.access.FollowedName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names that were written into users' statuses, by the user's UID, until the cache shows them:
 * meanwhile nobody else gets them. All of it may be lost: a user itself goes by what the cache
 * shows.
 */
public final class NameGrants {

  /** A cache that lags behind by more is a failure of its own. */
  private static final Duration LONGEST_LAG = Duration.ofMinutes(1);

  private record Grant(String name, Instant at) {}

  private final Map<String, Grant> grants = new ConcurrentHashMap<>();
  private final Clock clock;

  public NameGrants(Clock clock) {
    this.clock = clock;
  }

  /** To be said before it is written: the answer to the write may be lost. */
  public void grant(String uid, String name) {
    grants.values().removeIf(this::isOver);
    grants.put(uid, new Grant(name, clock.instant()));
  }

  /** What the user's status has, and the cache does not show. */
  public Optional<String> unseen(MqttUser user) {
    var uid = user.getMetadata().getUid();
    var grant = grants.get(uid);
    if (grant == null) {
      return Optional.empty();
    }
    if (isOver(grant) || FollowedName.heldBy(user).equals(Optional.of(grant.name()))) {
      grants.remove(uid, grant);
      return Optional.empty();
    }
    return Optional.of(grant.name());
  }

  private boolean isOver(Grant grant) {
    return clock.instant().isAfter(grant.at().plus(LONGEST_LAG));
  }
}
