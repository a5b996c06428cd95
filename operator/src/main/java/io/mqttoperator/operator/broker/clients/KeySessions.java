package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import io.mqttoperator.operator.mosquitto.Username;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
   * @param usernames as stored: they are ended next
   * @param waiting for room on that list; until then a key that nobody has stands in for theirs
   * @param stored the Secret that says so, if there is one
   */
  record Ending(Set<String> usernames, Set<Username> waiting, Optional<Secret> stored) {

    /** Nobody is let in under these names. */
    Set<String> cutOff() {
      var all = new HashSet<>(usernames);
      waiting.forEach(name -> all.add(name.value()));
      return all;
    }

    @Override
    public String toString() {
      return "Ending[" + usernames.size() + ", " + waiting.size() + " waiting]";
    }
  }

  /** Whose key is taken away, or is another, by what was decided; stored. */
  Ending storeDecided(
      BrokerProfile profile,
      BrokerObservation seen,
      Collection<UserDecision> users,
      ToldKeys told) {
    var secret = new StoredSecret(seen.secret(profile.names().sessions()).secret());
    var before = new Ending(names(secret), Set.of(), Optional.ofNullable(secret.secret()));
    var taken = new TreeSet<>(told.taken(seen.shards(), wanted(users)));
    taken.addAll(told.delayed());
    var ending = stored(profile, before, EndingNames.atFirst(before.usernames(), taken));
    told.await(ending.waiting());
    return ending;
  }

  /**
   * The same, of all that is about to be written: somebody may have been refused since.
   *
   * @throws DoNotFit if those are too many: the next pass has them wait
   */
  Ending storeWritten(
      BrokerProfile profile,
      BrokerObservation seen,
      RevisionSecrets files,
      ToldKeys told,
      Ending before)
      throws DoNotFit {
    var next = told.of(files);
    var taken = new TreeSet<>(told.taken(seen.shards(), next));
    taken.removeAll(before.waiting());
    var all = EndingNames.atLast(before.usernames(), taken);
    if (!all.waiting().isEmpty()) {
      told.delay(all.waiting());
      throw new DoNotFit(
          ("Secret %s: it has no room for %d more users whose pre-shared keys are taken away at once."
                  + " They wait for the sessions of %d others to end.")
              .formatted(profile.names().sessions(), all.waiting().size(), all.listed().size()));
    }
    var ending = stored(profile, before, all);
    told.write(next);
    return new Ending(ending.usernames(), before.waiting(), ending.stored());
  }

  /** These are over. */
  void end(BrokerProfile profile, Ending before, Set<String> ended) {
    var left = new TreeSet<>(before.usernames());
    if (left.removeAll(ended)) {
      var unused = write(profile, left, before.stored());
    }
  }

  private Ending stored(BrokerProfile profile, Ending before, EndingNames now) {
    var stored =
        now.listed().size() == before.usernames().size()
            ? before.stored()
            : Optional.of(write(profile, now.listed(), before.stored()));
    return new Ending(now.listed(), now.waiting(), stored);
  }

  private Secret write(BrokerProfile profile, Set<String> usernames, Optional<Secret> present) {
    var content = String.join("\n", usernames).getBytes(StandardCharsets.US_ASCII);
    return applier.apply(
        new SecretBlueprint(profile).sessions(content), present.orElse(null), profile.broker());
  }

  /** Others than usernames are somebody else's; nobody is called so. */
  private static Set<String> names(StoredSecret secret) {
    return secret
        .bytes(SecretEntries.ENDING)
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
