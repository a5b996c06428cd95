package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.Objects;
import java.util.Optional;

/**
 * All that a decision about one user needs, read once.
 *
 * @param claimant the user that holds this one's username: itself, or the one that was first
 * @param standing what it is to the broker by its namespace
 * @param ownPassword what the user's own Secret holds; empty where the password is generated
 * @param current the password in the Secret that we wrote, if there is one
 * @param followed its username, where its own Secret says it
 * @param preSharedKey what was seen of its pre-shared key
 */
public record UserObservation(
    MqttUser user,
    MqttUser claimant,
    Standing standing,
    Optional<OwnPassword> ownPassword,
    Optional<WrittenPassword> current,
    Optional<FollowedName> followed,
    SeenPreSharedKey preSharedKey) {

  /** Of a user without a pre-shared key. */
  public UserObservation(
      MqttUser user,
      MqttUser claimant,
      Standing standing,
      Optional<OwnPassword> ownPassword,
      Optional<WrittenPassword> current,
      Optional<FollowedName> followed) {
    this(user, claimant, standing, ownPassword, current, followed, SeenPreSharedKey.NONE);
  }

  /** Of a user whose name is in its spec, without a pre-shared key. */
  public UserObservation(
      MqttUser user,
      MqttUser claimant,
      Standing standing,
      Optional<OwnPassword> ownPassword,
      Optional<WrittenPassword> current) {
    this(user, claimant, standing, ownPassword, current, Optional.empty());
  }

  /**
   * A password in a Secret that the operator wrote.
   *
   * @param generation the {@code password.generation} that it was made for
   */
  public record WrittenPassword(SecretBytes bytes, int generation) {}

  public String uid() {
    return user.getMetadata().getUid();
  }

  /** The name that is the user's now; of one whose Secret says no name, empty. */
  public String username() {
    return followed.map(FollowedName::name).orElseGet(() -> usernameOf(user));
  }

  /** The name that the user is to have, in the form of one or not; empty if it is not known. */
  String asked() {
    return followed.map(name -> name.asked().name().orElse("")).orElseGet(() -> usernameOf(user));
  }

  /**
   * Whether the user waits to get another name: whatever it had stands in no file any more, and
   * what it asks for not yet.
   */
  public boolean isRenamed() {
    return followed.filter(FollowedName::asksForAnother).isPresent()
        && isMember()
        && UsernameRules.isWithinTenancy(user, asked())
        && claimsUsername();
  }

  /** Whether nobody else has the name that it asks for. */
  private boolean claimsUsername() {
    return uid().equals(claimant.getMetadata().getUid());
  }

  /**
   * The name a user logs in with, unless its Secret says it: {@code spec.username}, else {@code
   * metadata.name}; of a tenant's namespace {@code <namespace>.<name>}.
   */
  public static String usernameOf(MqttUser user) {
    return Optional.ofNullable(user.getSpec().username())
        .orElseGet(() -> tenantPrefix(user) + user.getMetadata().getName());
  }

  /**
   * What the username of a tenant's user begins with; empty for a user of the broker's own
   * namespace. A namespace's name holds no dot, so no two of them share a name.
   */
  static String tenantPrefix(MqttUser user) {
    var own = user.getMetadata().getNamespace();
    var brokers = user.getSpec().brokerRef().namespace();
    return brokers == null || brokers.equals(own) ? "" : own + ".";
  }

  /** Whether the username is this user's: valid, of its own namespace, and claimed first. */
  public boolean holdsUsername() {
    if (followed.isPresent()) {
      return isMember() && followed.get().held().isPresent();
    }
    return isMember()
        && claimsUsername()
        && UsernameRules.isWithinTenancy(user, username())
        && Username.problem(username()).isEmpty();
  }

  /** Whether the broker takes anything from it. */
  public boolean isMember() {
    return standing instanceof Standing.Member;
  }

  public boolean isDisabled() {
    return Boolean.TRUE.equals(user.getSpec().disabled());
  }

  public boolean isBeingDeleted() {
    return user.getMetadata().getDeletionTimestamp() != null;
  }

  /** The name of the Secret that the operator writes for a user. */
  public static String secretName(MqttUser user) {
    var secret = user.getSpec().secret();
    return secret == null || secret.name() == null
        ? Ownership.secretName(user.getMetadata().getName())
        : secret.name();
  }

  /** The {@code password.generation} asked for. */
  public int passwordGeneration() {
    var password = user.getSpec().password();
    return password == null || password.generation() == null ? 1 : password.generation();
  }

  /**
   * How often the user's own password is hashed: 1 to 10,000. A tenant's user that asks for more
   * than the broker says is refused, and its last good password goes on with what the broker says.
   *
   * @param ofBroker what the broker says
   */
  public int passwordIterations(int ofBroker) {
    var password = user.getSpec().password();
    if (password == null || password.iterations() == null) {
      return ofBroker;
    }
    int most = tenantPrefix(user).isEmpty() ? PasswordHash.MAX_ITERATIONS : ofBroker;
    return Math.clamp(password.iterations(), 1, most);
  }

  /**
   * What changes a user's access or credential without raising its generation: labels, and the
   * version of its own Secret.
   */
  public String inputs() {
    var labels = user.getMetadata().getLabels();
    var own =
        ownPassword
            .map(
                found ->
                    switch (found) {
                      case OwnPassword.Found password -> password.resourceVersion();
                      case OwnPassword.TooSlow slow -> "too slow";
                      case OwnPassword.Absent absent -> "absent";
                      case OwnPassword.NotOffered notOffered -> "not offered";
                      case OwnPassword.KeyMissing keyMissing -> "key missing";
                    })
            .orElse("generated");
    return Objects.toString(labels == null ? null : new java.util.TreeMap<>(labels))
        + own
        + followed.map(name -> " as " + name.name()).orElse("")
        + preSharedKey.own().map(found -> " " + found.version()).orElse("");
  }
}
