package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import io.mqttoperator.operator.mosquitto.Username;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The sessions that pre-shared keys have opened which do not count any more. A reload of Mosquitto
 * 2.1.2 takes a key away, but not the session. So whose they are is stored before any pod is told
 * that the key is gone, and until they are over.
 */
final class KeySessions {

  private final Applier applier;

  KeySessions(Applier applier) {
    this.applier = applier;
  }

  /**
   * Whose sessions are to end.
   *
   * @param stored the Secret that says so, if there is one
   */
  record Ending(Set<String> usernames, Optional<Secret> stored) {

    @Override
    public String toString() {
      return "Ending[" + usernames.size() + "]";
    }
  }

  /** Whose key is taken away, or is another, by what was decided; stored. */
  Ending keep(
      BrokerProfile profile,
      BrokerObservation seen,
      Collection<UserDecision> users,
      ToldKeys told) {
    var secret = new StoredSecret(seen.secret(profile.names().sessions()).secret());
    return add(
        profile,
        new Ending(names(secret), Optional.ofNullable(secret.secret())),
        told.taken(seen.shards(), wanted(users)));
  }

  /** The same, of all that is about to be written: somebody may have been refused since. */
  Ending keep(
      BrokerProfile profile,
      BrokerObservation seen,
      AccessFiles files,
      ToldKeys told,
      Ending before) {
    var next = told.of(files);
    var ending = add(profile, before, told.taken(seen.shards(), next));
    told.write(next);
    return ending;
  }

  /** These are over. */
  void end(BrokerProfile profile, Ending before, Set<String> ended) {
    var left = new TreeSet<>(before.usernames());
    if (left.removeAll(ended)) {
      var unused = write(profile, left, before.stored());
    }
  }

  private Ending add(BrokerProfile profile, Ending before, Set<Username> taken) {
    var next = new TreeSet<>(before.usernames());
    taken.forEach(username -> next.add(username.value()));
    return next.size() == before.usernames().size()
        ? before
        : new Ending(next, Optional.of(write(profile, next, before.stored())));
  }

  private Secret write(BrokerProfile profile, Set<String> usernames, Optional<Secret> present) {
    var content = String.join("\n", usernames).getBytes(StandardCharsets.US_ASCII);
    return applier.apply(
        new SecretBlueprint(profile).sessions(content), present.orElse(null), profile.broker());
  }

  /** Others than usernames are somebody else's; nobody is called so. */
  private static Set<String> names(StoredSecret secret) {
    return secret
        .bytes(SecretKeys.ENDING)
        .map(content -> new String(content, StandardCharsets.US_ASCII))
        .stream()
        .flatMap(String::lines)
        .filter(name -> Username.problem(name).isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Map<Username, PreSharedKey> wanted(Collection<UserDecision> users) {
    var wanted = new HashMap<Username, PreSharedKey>();
    users.stream()
        .filter(user -> !user.seen().isDisabled() && !user.seen().isBeingDeleted())
        .filter(user -> !user.seen().isRenamed())
        .forEach(
            user ->
                user.key()
                    .key()
                    .ifPresent(key -> wanted.put(new Username(user.seen().username()), key)));
    return wanted;
  }
}
