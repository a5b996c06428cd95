package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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

  /** Of users whose names are in their specs. */
  public static List<Claim> of(Collection<MqttUser> users, Tenancy tenancy) {
    return of(users, tenancy, Map.of());
  }

  /**
   * Settles them; in the order in which they were made. A name that a user has got from its Secret
   * is its own until it is given up, whoever is older; what a Secret asks for comes last.
   *
   * @param followed by UID, the names of those whose Secrets say them
   */
  public static List<Claim> of(
      Collection<MqttUser> users, Tenancy tenancy, Map<String, FollowedName> followed) {
    var sorted = users.stream().sorted(BY_CLAIM).toList();
    var standings = new HashMap<String, Standing>();
    var counts = new HashMap<String, Integer>();
    var holders = new HashMap<String, MqttUser>();
    var asking = new ArrayList<MqttUser>();
    sorted.stream()
        .filter(Claims::keepsName)
        .forEach(user -> kept(user, followed).forEach(name -> holders.putIfAbsent(name, user)));
    for (var user : sorted) {
      var standing = standing(user, tenancy, counts);
      standings.put(user.getMetadata().getUid(), standing);
      // Who is refused must not take a name from those who are not.
      if (standing instanceof Standing.Member && keepsName(user)) {
        if (followed.containsKey(user.getMetadata().getUid())) {
          asking.add(user);
        } else {
          claim(user, followed, holders);
        }
      }
    }
    asking.stream()
        .filter(user -> user.getMetadata().getDeletionTimestamp() == null)
        .forEach(user -> claim(user, followed, holders));
    return sorted.stream()
        .map(
            user ->
                new Claim(
                    user,
                    holders.getOrDefault(nameOf(user, followed), user),
                    standings.getOrDefault(user.getMetadata().getUid(), new Standing.Outsider())))
        .toList();
  }

  private static Stream<String> kept(MqttUser user, Map<String, FollowedName> followed) {
    return Optional.ofNullable(followed.get(user.getMetadata().getUid()))
        .map(FollowedName::kept)
        .orElseGet(Stream::empty);
  }

  private static void claim(
      MqttUser user, Map<String, FollowedName> followed, Map<String, MqttUser> holders) {
    var name = nameOf(user, followed);
    if (!name.isEmpty() && UsernameRules.isWithinTenancy(user, name)) {
      holders.putIfAbsent(name, user);
    }
  }

  /** The name that a user is to have; empty, which is nobody's, where its Secret says none. */
  private static String nameOf(MqttUser user, Map<String, FollowedName> followed) {
    var name = followed.get(user.getMetadata().getUid());
    return name == null ? UserObservation.usernameOf(user) : name.asked().name().orElse("");
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
