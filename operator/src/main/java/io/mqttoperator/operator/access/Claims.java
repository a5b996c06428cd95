package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Labels;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who of a broker's users holds which username: first come, first served. Pure. */
public final class Claims {

  /** By creation time, then name. */
  private static final Comparator<MqttUser> BY_CLAIM =
      Comparator.comparing((MqttUser user) -> user.getMetadata().getCreationTimestamp())
          .thenComparing(user -> user.getMetadata().getName())
          .thenComparing(user -> user.getMetadata().getNamespace());

  /** The same for all, so that who is as before can be told by identity. */
  private static final Standing MEMBER = new Standing.Member();

  private Claims() {}

  /**
   * One user's.
   *
   * @param claimant who holds the username: the user itself, or the one that was first
   */
  public record Claim(MqttUser user, MqttUser claimant, Standing standing) {}

  /** Settles them; in the order in which they were made. */
  public static List<Claim> of(Collection<MqttUser> users, Tenancy tenancy) {
    var sorted = users.stream().sorted(BY_CLAIM).toList();
    var standings = new HashMap<String, Standing>();
    var counts = new HashMap<String, Integer>();
    var holders = new HashMap<String, MqttUser>();
    for (var user : sorted) {
      var standing = standing(user, tenancy, counts);
      standings.put(user.getMetadata().getUid(), standing);
      // Who is refused must not take a name from those who are not.
      var name = UserObservation.usernameOf(user);
      if (standing instanceof Standing.Member
          && keepsName(user)
          && UserRules.isWithinTenancy(user, name)) {
        holders.putIfAbsent(name, user);
      }
    }
    return sorted.stream()
        .map(
            user ->
                new Claim(
                    user,
                    holders.getOrDefault(UserObservation.usernameOf(user), user),
                    standings.getOrDefault(user.getMetadata().getUid(), new Standing.Outsider())))
        .toList();
  }

  /** Each user of a tenant counts, whatever else is wrong with it. */
  private static Standing standing(MqttUser user, Tenancy tenancy, Map<String, Integer> counts) {
    var namespace = user.getMetadata().getNamespace();
    if (!tenancy.admits(namespace)) {
      return new Standing.Outsider();
    }
    var count = counts.merge(namespace, 1, Integer::sum);
    return tenancy
        .boundsOf(namespace)
        .filter(bounds -> count > bounds.maxUsers())
        .<Standing>map(bounds -> new Standing.OverQuota(bounds.maxUsers()))
        .orElse(MEMBER);
  }

  /** One that leaves keeps the name until its session is over: nobody inherits that. */
  private static boolean keepsName(MqttUser user) {
    return user.getMetadata().getDeletionTimestamp() == null
        || user.getFinalizers().contains(Labels.FINALIZER);
  }
}
