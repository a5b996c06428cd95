package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.operator.access.AskedName;
import io.mqttoperator.operator.access.Claims;
import io.mqttoperator.operator.access.Claims.Claim;
import io.mqttoperator.operator.access.FollowedName;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserObservation.WrittenPassword;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.memo.Memo;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a decision about a user needs from the caches. One of whom nothing has changed is the
 * same observation as before, so that nothing is decided on it twice.
 */
public final class UserObserver {

  private final Caches caches;
  private final UncachedSecrets uncached;
  private final NameGrants grants;
  private final PreSharedKeyObserver keys;
  private final Map<ResourceKey, Known> observed = new ConcurrentHashMap<>();

  /** What is known of one broker's users. */
  private record Known(Memo<UserObservation> users, Memo<FollowedName> names) {

    Known() {
      this(Memo.ofInputs(), Memo.ofResults());
    }
  }

  UserObserver(Caches caches, UncachedSecrets uncached, NameGrants grants) {
    this.caches = caches;
    this.uncached = uncached;
    this.grants = grants;
    this.keys = new PreSharedKeyObserver(caches, uncached);
  }

  /** In the order in which they were made. */
  List<UserObservation> observe(
      ResourceKey key, Collection<MqttUser> users, Tenancy tenancy, Optional<MqttBroker> broker) {
    var known = observed.computeIfAbsent(key, any -> new Known());
    var round = known.users().round();
    var own = new HashMap<String, Own>();
    var names = names(users, known.names(), own);
    var seen =
        Claims.of(users, tenancy, names).stream()
            .map(
                claim -> {
                  var uid = claim.user().getMetadata().getUid();
                  return observe(
                      claim,
                      Optional.ofNullable(own.get(uid)).or(() -> own(claim.user())),
                      Optional.ofNullable(names.get(uid)),
                      mostIterations(claim.user(), tenancy, broker),
                      round);
                })
            .toList();
    round.end();
    return seen;
  }

  void forget(ResourceKey key) {
    observed.remove(key);
  }

  /**
   * The names of those whose Secrets say them.
   *
   * @param own takes what was read: a password must not be of another version than the name
   */
  private Map<String, FollowedName> names(
      Collection<MqttUser> users, Memo<FollowedName> known, Map<String, Own> own) {
    var names = new HashMap<String, FollowedName>();
    var round = known.round();
    for (var user : users) {
      if (FollowedName.isAskedFor(user)) {
        var uid = user.getMetadata().getUid();
        var found = own(user).orElseThrow();
        var granted = grants.unseen(user);
        own.put(uid, found);
        names.put(
            uid,
            round.of(
                uid,
                () -> new FollowedName(FollowedName.heldBy(user), granted, found.name()),
                user,
                found.secret(),
                granted.orElse(null)));
      }
    }
    round.end();
    return names;
  }

  private UserObservation observe(
      Claim claim,
      Optional<Own> own,
      Optional<FollowedName> name,
      Optional<Integer> most,
      Memo<UserObservation>.Round round) {
    var user = claim.user();
    // Of those who are refused by their namespace nothing more is read.
    if (!(claim.standing() instanceof Standing.Member)) {
      return new UserObservation(
          user, claim.claimant(), claim.standing(), Optional.empty(), Optional.empty(), name);
    }
    var key = keys.find(user);
    var written = written(caches, user);
    if ((own.isPresent() && own.get().secret() == null) || key.isMissing()) {
      // Another may be there at the next look.
      return observation(claim, own, name, key, written, most);
    }
    return round.of(
        user.getMetadata().getUid(),
        () -> observation(claim, own, name, key, written, most),
        user,
        claim.claimant(),
        claim.standing(),
        own.map(Own::secret).orElse(null),
        name.orElse(null),
        key.secret(),
        written.orElse(null),
        most.orElse(null));
  }

  private UserObservation observation(
      Claim claim,
      Optional<Own> own,
      Optional<FollowedName> name,
      PreSharedKeyObserver.Source key,
      Optional<Secret> written,
      Optional<Integer> most) {
    var read = own.map(this::read);
    // What it had under another name is no credential of this one.
    var ofThisName =
        written.filter(secret -> name.isEmpty() || name.get().held().equals(username(secret)));
    return new UserObservation(
        claim.user(),
        claim.claimant(),
        claim.standing(),
        most.isPresent()
            ? read.map(found -> OwnSecret.bounded(found, claim.user(), most.get()))
            : read,
        ofThisName.flatMap(UserObserver::password),
        name,
        keys.read(key, ofThisName));
  }

  /** Where a user's own password is to be, and the Secret that the cache has there. */
  private record Own(String namespace, PasswordSecretRef reference, @Nullable Secret secret) {

    /** What is not in the cache may be of another version at the next look. */
    AskedName name() {
      return secret == null ? new AskedName.Unknown() : OwnSecret.name(secret, reference);
    }

    @Override
    public String toString() {
      return "Own[" + namespace + "/" + reference.name() + "]";
    }
  }

  private Optional<Own> own(MqttUser user) {
    var password = user.getSpec().password();
    if (password == null || password.secretRef() == null) {
      return Optional.empty();
    }
    var namespace = user.getMetadata().getNamespace();
    var reference = password.secretRef();
    return Optional.of(
        new Own(
            namespace,
            reference,
            caches.credentials.get(namespace, reference.name()).orElse(null)));
  }

  private OwnPassword read(Own own) {
    return own.secret() == null
        ? unseen(own.namespace(), own.reference())
        : OwnSecret.read(own.secret(), own.reference());
  }

  /** How many iterations a tenant's password or hash may have. */
  private static Optional<Integer> mostIterations(
      MqttUser user, Tenancy tenancy, Optional<MqttBroker> broker) {
    return user.getMetadata().getNamespace().equals(tenancy.home())
        ? Optional.empty()
        : broker.map(BrokerProfile::passwordIterations);
  }

  private OwnPassword unseen(String namespace, PasswordSecretRef reference) {
    var found = uncached.get(namespace, reference.name());
    if (found.isEmpty()) {
      return new OwnPassword.Absent();
    }
    var secret = found.get();
    if (!OfferedSecret.isOffered(secret)) {
      return new OwnPassword.NotOffered();
    }
    // The cache will have it in a moment, and with it the name.
    return reference.usernameKey() == null
        ? OwnSecret.read(secret, reference)
        : new OwnPassword.Absent();
  }

  private static Optional<String> username(Secret secret) {
    return new StoredSecret(secret)
        .bytes("username")
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  private static Optional<WrittenPassword> password(Secret secret) {
    var stored = new StoredSecret(secret);
    return stored
        .bytes("password")
        .map(
            bytes ->
                new WrittenPassword(
                    new SecretBytes(bytes), stored.number(Labels.PASSWORD_GENERATION)));
  }

  /** The Secret that was written for a user, also under the name that it had before. */
  public static Optional<Secret> written(Caches caches, MqttUser user) {
    return caches
        .secrets
        .get(user.getMetadata().getNamespace(), UserObservation.secretName(user))
        .filter(secret -> Ownership.isOurs(secret, user))
        .or(() -> caches.secretsOf(user).findFirst());
  }
}
