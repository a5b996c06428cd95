package io.mqttoperator.operator.broker.forecast;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.api.PreSharedKeySecretRef;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.AskedName;
import io.mqttoperator.operator.access.BrokerAccess;
import io.mqttoperator.operator.access.Claims;
import io.mqttoperator.operator.access.ClientCertificate;
import io.mqttoperator.operator.access.FollowedName;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.OwnPreSharedKey;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.SeenPreSharedKey;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.clients.CredentialRules;
import io.mqttoperator.operator.broker.clients.GeneratedCredentials;
import io.mqttoperator.operator.broker.observation.OfferedSecret;
import io.mqttoperator.operator.broker.observation.OwnSecret;
import io.mqttoperator.operator.broker.observation.PreSharedKeyObserver;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a pass would decide about a broker, its users and its ACLs, foretold from the resources
 * alone: by the same code, without a cluster, a key or a password.
 *
 * @param profile empty where the broker is refused
 * @param problem why it is refused, as a sentence
 */
public record BrokerForecast(
    Optional<BrokerProfile> profile, Optional<String> problem, Tenancy tenancy, AccessPlan plan) {

  /** In place of a password, which no decision depends on. */
  private static final SecretBytes SOME_PASSWORD =
      new SecretBytes("x".repeat(43).getBytes(StandardCharsets.US_ASCII));

  private static final PreSharedKey SOME_KEY =
      PreSharedKey.parse("0123456789abcdef".repeat(4).getBytes(StandardCharsets.US_ASCII));

  private static final ClientCertificate SOME_CERTIFICATE =
      new ClientCertificate.Issued(
          "00", Instant.EPOCH, Instant.EPOCH, Collections.emptySortedMap());

  private static final String SOME_IMAGE = "image";

  /**
   * Decides.
   *
   * @param users and {@code acls}: all that refer to the broker, each with a UID and a creation
   *     time
   * @param ownPasswords what is known of a user's own Secret; empty: it is taken to be there
   * @param ownNames the names of users whose own Secrets say them
   * @param ownKeys likewise, of its own pre-shared key
   */
  public static BrokerForecast of(
      MqttBroker broker,
      Tenancy tenancy,
      Collection<MqttUser> users,
      Collection<MqttAcl> acls,
      Function<MqttUser, Optional<OwnPassword>> ownPasswords,
      Function<MqttUser, AskedName> ownNames,
      Function<MqttUser, Optional<OwnPreSharedKey>> ownKeys) {
    Optional<BrokerProfile> profile = Optional.empty();
    Optional<String> problem = Optional.empty();
    try {
      var filled = BrokerProfile.of(broker, SOME_IMAGE, "cluster.local");
      filled.requireUsable();
      profile = Optional.of(filled);
    } catch (IllegalArgumentException unusable) {
      problem = Optional.of(Objects.toString(unusable.getMessage(), ""));
    }
    // As RefusedPass has it, a broker that is refused is no reason to refuse its users.
    var listeners =
        profile
            .map(BrokerProfile::authentications)
            .orElse(EnumSet.allOf(ClientAuthentication.class));
    var own = new HashMap<String, Optional<OwnPassword>>();
    users.forEach(
        user ->
            own.put(user.getMetadata().getUid(), ownPassword(user, broker, tenancy, ownPasswords)));
    Function<MqttUser, Optional<OwnPassword>> ownOf =
        user -> own.getOrDefault(user.getMetadata().getUid(), Optional.empty());
    var names = new HashMap<String, FollowedName>();
    users.stream()
        .filter(FollowedName::isAskedFor)
        .forEach(
            user ->
                names.put(
                    user.getMetadata().getUid(),
                    new FollowedName(
                        FollowedName.heldBy(user), Optional.empty(), ownNames.apply(user))));
    var decisions =
        Claims.of(users, tenancy, names).stream()
            .map(
                claim ->
                    new UserObservation(
                        claim.user(),
                        claim.claimant(),
                        claim.standing(),
                        ownOf.apply(claim.user()),
                        Optional.empty(),
                        Optional.ofNullable(names.get(claim.user().getMetadata().getUid()))
                            .map(FollowedName::settled),
                        ownKey(claim.user(), ownKeys)))
            .map(
                seen -> withCredentials(CredentialRules.decide(seen, listeners, StoredHashes.NONE)))
            .toList();
    return new BrokerForecast(profile, problem, tenancy, AccessPlan.of(decisions, acls, tenancy));
  }

  /** Which namespaces a broker takes users and ACLs from; {@link Tenancy#of} has the rest. */
  public static Tenancy tenancy(
      MqttBroker broker,
      Collection<String> candidates,
      Function<String, Optional<java.util.Map<String, String>>> labelsOf,
      boolean isComplete) {
    return Tenancy.of(
        broker.getMetadata().getNamespace(),
        BrokerProfile.tenants(broker),
        candidates,
        labelsOf,
        isComplete);
  }

  private static Optional<OwnPassword> ownPassword(
      MqttUser user,
      MqttBroker broker,
      Tenancy tenancy,
      Function<MqttUser, Optional<OwnPassword>> ownPasswords) {
    var password = user.getSpec().password();
    if (password == null || password.secretRef() == null) {
      return Optional.empty();
    }
    var own = ownPasswords.apply(user).orElseGet(() -> new OwnPassword.Found(SOME_PASSWORD, ""));
    return Optional.of(
        user.getMetadata().getNamespace().equals(tenancy.home())
            ? own
            : OwnSecret.bounded(own, user, BrokerProfile.passwordIterations(broker)));
  }

  private static SeenPreSharedKey ownKey(
      MqttUser user, Function<MqttUser, Optional<OwnPreSharedKey>> ownKeys) {
    var asked = user.getSpec().preSharedKey();
    return asked == null || asked.secretRef() == null
        ? SeenPreSharedKey.NONE
        : new SeenPreSharedKey(
            ownKeys.apply(user).or(() -> Optional.of(unreadKey())), Optional.empty());
  }

  /** What a Secret says of a user's own pre-shared key. */
  public static OwnPreSharedKey read(Secret secret, PreSharedKeySecretRef reference) {
    return OfferedSecret.isOffered(secret)
        ? PreSharedKeyObserver.read(secret, reference)
        : new OwnPreSharedKey.NotOffered();
  }

  /** What is taken for granted of a Secret that is not read. */
  public static OwnPreSharedKey unreadKey() {
    return new OwnPreSharedKey.Found(
        new SecretBytes(SOME_KEY.hex().getBytes(StandardCharsets.US_ASCII)), "");
  }

  /** What a Secret says of a user's own password. */
  public static OwnPassword read(Secret secret, PasswordSecretRef reference) {
    return OfferedSecret.isOffered(secret)
        ? OwnSecret.read(secret, reference)
        : new OwnPassword.NotOffered();
  }

  /** What is taken for granted of a Secret that is not read. */
  public static OwnPassword unread() {
    return new OwnPassword.Found(SOME_PASSWORD, "");
  }

  /** The username that a Secret says. */
  public static AskedName name(Secret secret, PasswordSecretRef reference) {
    return OfferedSecret.isOffered(secret)
        ? OwnSecret.name(secret, reference)
        : new AskedName.Unknown();
  }

  /** Whom nobody can name yet stands in no file that is foretold. */
  private static UserDecision withCredentials(UserDecision decision) {
    if (decision.seen().username().isEmpty()) {
      return new UserDecision(decision.seen(), decision.accepted(), new Password.None());
    }
    var decided = GeneratedCredentials.of(decision, () -> SOME_PASSWORD, () -> SOME_KEY);
    return decision.accepted().isTrue() && decision.user().getSpec().certificate() != null
        ? decided.with(SOME_CERTIFICATE, false)
        : decided;
  }

  /** Who may do what, of the ACLs that count. */
  public BrokerAccess access() {
    return new BrokerAccess(
        plan.acls().stream()
            .filter(acl -> acl.accepted().isTrue() && !acl.isBeingDeleted())
            .map(acl -> acl.acl())
            .toList());
  }

  /** The users who may log in. */
  public List<UserDecision> clients() {
    return plan.users().stream().filter(UserDecision::mayLogIn).toList();
  }

  /** Whether anybody may connect without a name. */
  public boolean letsInAnonymous() {
    return profile.stream()
        .flatMap(known -> known.listeners().stream())
        .anyMatch(ListenerProfile::isAnonymous);
  }

  /** The files of Mosquitto, for a broker that is not refused. */
  public ForecastFiles files() {
    return ForecastFiles.of(profile.orElseThrow(), plan, clients());
  }
}
