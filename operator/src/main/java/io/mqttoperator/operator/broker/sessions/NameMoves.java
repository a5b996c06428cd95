package io.mqttoperator.operator.broker.sessions;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.FollowedName;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserStatusComposer;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.observation.NameGrants;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.kube.Contained;
import io.mqttoperator.operator.kube.StatusWriter;
import io.mqttoperator.operator.kube.Writes;
import io.mqttoperator.operator.pki.CommonName;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives users whose own Secrets say a name, or another one, that name: when every running pod is
 * proven to have no line of the user's, and the sessions under the old name and the new one are
 * over. The new name stands in the user's status before it stands in a file.
 */
public final class NameMoves {

  private final SessionTakeover takeover;
  private final StatusWriter statuses;
  private final Writes writes;
  private final NameGrants grants;
  private final Clock clock;

  public NameMoves(
      SessionTakeover takeover,
      StatusWriter statuses,
      Writes writes,
      NameGrants grants,
      Clock clock) {
    this.takeover = takeover;
    this.statuses = statuses;
    this.writes = writes;
    this.grants = grants;
    this.clock = clock;
  }

  /**
   * Gives those names that can be given, after a pass has ended with {@code enforcement}.
   *
   * @return when to look again
   */
  public Instant settle(
      AccessPlan plan,
      Enforcement enforcement,
      List<Pod> pods,
      BrokerNames names,
      BrokerSecrets secrets)
      throws InterruptedException {
    var due =
        plan.users().stream()
            .filter(user -> isDue(user, enforcement))
            .limit(SessionTakeover.MOST)
            .toList();
    if (due.isEmpty()) {
      return Instant.MAX;
    }
    var inUse = inUse(plan.users());
    var toClear =
        due.stream().flatMap(user -> toClear(user, inUse).stream()).collect(Collectors.toSet());
    var over = takeover.end(toClear, pods, names, secrets);
    var free = due.stream().filter(user -> over.containsAll(toClear(user, inUse))).toList();
    writes.forEach(
        free, user -> Contained.of(user.user(), () -> give(user, enforcement)).isPresent());
    return free.size() < due.size() ? clock.instant().plus(SessionTakeover.NEXT_TRY) : Instant.MAX;
  }

  /** That it is written begins the next pass, which lets the user in under it. */
  private boolean give(UserDecision user, Enforcement enforcement) {
    var asked = name(user).asked().name();
    grants.grant(user.seen().uid(), asked.orElseThrow());
    var before = user.user().getStatus();
    var status = UserStatusComposer.compose(user, enforcement, true, asked, clock);
    return statuses.write(user.user(), before, status);
  }

  /**
   * One that had no name has nothing that a pod could have. While the cache does not show the last
   * name that was given, none is given: the one before it may be asked for again, and what the
   * cache shows could then be of before or of after.
   */
  public static boolean isDue(UserDecision user, Enforcement enforcement) {
    return user.seen().isRenamed()
        && !user.seen().isBeingDeleted()
        && name(user).granted().isEmpty()
        && (enforcement instanceof Enforcement.Proven
            || (enforcement instanceof Enforcement.NoRunningPod && name(user).isNew()));
  }

  private static FollowedName name(UserDecision user) {
    return user.seen().followed().orElseThrow();
  }

  /**
   * The names whose sessions are to be over. Those of names that a certificate cannot hold cannot
   * be ended; without a password, Mosquitto has ended them where they were live.
   */
  public static Set<String> toClear(UserDecision user, Set<String> inUse) {
    return name(user)
        .toClear()
        .filter(name -> name.length() <= CommonName.MAX_LENGTH)
        .filter(name -> !inUse.contains(name))
        .collect(Collectors.toSet());
  }

  public static Set<String> inUse(List<UserDecision> users) {
    var names = new HashSet<String>();
    users.stream()
        .filter(UserDecision::mayLogIn)
        .forEach(user -> names.add(user.seen().username()));
    return names;
  }
}
