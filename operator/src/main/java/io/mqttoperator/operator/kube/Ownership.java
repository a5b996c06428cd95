package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttBroker;
import java.util.Objects;
import java.util.regex.Pattern;

/** Which objects are ours to write, and the reference that makes them so. */
public final class Ownership {

  /** What follows the broker's name in those of the Secrets that may outlive it. */
  private static final Pattern RETAINED =
      Pattern.compile(
          Labels.AUTHORITY_SUFFIX + "|" + Labels.REVOCATIONS_SUFFIX + "(-[1-9][0-9]*)?");

  private Ownership() {}

  /**
   * Whether an object belongs to {@code owner}: the owner controls it by UID, or it is the
   * authority, or what it has revoked, that was kept for a broker of that name, whichever of its
   * other labels it has lost. Nothing else is taken up by its labels, which anybody can set: who
   * plants the internal authority could pose as a pod.
   */
  public static boolean isOurs(HasMetadata object, HasMetadata owner) {
    return isControlledBy(object, owner)
        || (isAuthority(object, owner) && isMarkedFor(object, owner.getMetadata().getName()));
  }

  /** The name of a user's Secret, where it asks for no other. */
  public static String secretName(String user) {
    return user + "-mqtt";
  }

  /** Whether {@code owner}, and no other object of its name, is the controller. */
  public static boolean isControlledBy(HasMetadata object, HasMetadata owner) {
    var references = object.getMetadata().getOwnerReferences();
    if (references == null) {
      return false;
    }
    for (var reference : references) {
      if (Boolean.TRUE.equals(reference.getController())
          && owner.getMetadata().getUid().equals(reference.getUid())) {
        return true;
      }
    }
    return false;
  }

  /** Whether an object is labelled as kept for a broker of that name. */
  public static boolean isRetainedFor(HasMetadata object, String broker) {
    var labels = object.getMetadata().getLabels();
    return labels != null
        && Labels.OPERATOR.equals(labels.get(Labels.MANAGED_BY))
        && isMarkedFor(object, broker);
  }

  private static boolean isMarkedFor(HasMetadata object, String broker) {
    var labels = object.getMetadata().getLabels();
    return labels != null && broker.equals(labels.get(Labels.RETAINED_FOR));
  }

  /** A user or an ACL may bear the broker's name, and name any object as its Secret. */
  private static boolean isAuthority(HasMetadata object, HasMetadata owner) {
    var name = Objects.toString(object.getMetadata().getName(), "");
    var broker = owner.getMetadata().getName();
    return owner instanceof MqttBroker
        && object instanceof Secret
        && name.startsWith(broker)
        && RETAINED.matcher(name.substring(broker.length())).matches();
  }

  /** Why {@code found} is in the way of what {@code owner} needs under its name. */
  static RuntimeException taken(HasMetadata found, HasMetadata desired, HasMetadata owner) {
    if (isLeftBehind(found, owner)) {
      return new TryAgain(
          Applier.describe(desired) + " of the one before is still being collected", null);
    }
    return isAuthority(desired, owner)
        ? NameTaken.byWhatMayBeKept(
            Applier.describe(desired),
            desired.getMetadata().getLabels(),
            owner.getMetadata().getName())
        : new NameTaken(Applier.describe(desired));
  }

  /** Whether its controller was one of the same kind and name: the garbage collector takes it. */
  private static boolean isLeftBehind(HasMetadata found, HasMetadata owner) {
    var references = found.getMetadata().getOwnerReferences();
    return references != null
        && references.stream()
            .anyMatch(
                reference ->
                    Boolean.TRUE.equals(reference.getController())
                        && owner.getKind().equals(reference.getKind())
                        && owner.getMetadata().getName().equals(reference.getName())
                        && !owner.getMetadata().getUid().equals(reference.getUid()));
  }

  /** The reference that makes {@code owner} the controller of what carries it. */
  public static OwnerReference controlledBy(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(false)
        .build();
  }
}
