package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserRules;
import io.mqttoperator.operator.broker.UserSecretBlueprint.Endpoint;
import io.mqttoperator.operator.kube.ApiRefusal;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.NameTaken;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Decides on users, gives them their finalizer, and writes the Secrets their clients read. */
final class UserSecrets {

  private final Caches caches;
  private final Applier applier;
  private final Writes writes;
  private final SecureRandom random;

  UserSecrets(Caches caches, Applier applier, Writes writes, SecureRandom random) {
    this.caches = caches;
    this.applier = applier;
    this.writes = writes;
    this.random = random;
  }

  /** Decides without writing. */
  static UserDecision decide(UserObservation user, boolean takesPasswords) {
    var accepted = UserRules.check(user, takesPasswords);
    return new UserDecision(user, accepted, Password.decide(user, accepted));
  }

  /** Decides on each user, and writes what follows; in the order of {@code users}. */
  List<UserDecision> keep(
      List<UserObservation> users,
      BrokerProfile profile,
      BrokerSecrets secrets,
      ComparedSecrets compared)
      throws InterruptedException {
    compared.keepOnly(users.stream().map(UserObservation::uid).collect(Collectors.toSet()));
    var endpoint =
        profile.takesPasswords()
            ? Optional.of(Endpoint.of(profile, secrets.authority().pair().certificatePem()))
            : Optional.<Endpoint>empty();
    return writes.forEach(
        users,
        user ->
            Contained.of(user.user(), () -> keep(user, profile, endpoint, compared))
                .orElseGet(() -> unwritten(user, profile)));
  }

  /** A tenant's user for whom nothing could be written: one that is known goes on as it was. */
  private static UserDecision unwritten(UserObservation user, BrokerProfile profile) {
    var decision = decide(user, profile.takesPasswords());
    return decision.password().isKnown() && user.user().getFinalizers().contains(Labels.FINALIZER)
        ? decision
        : new UserDecision(
            user,
            Verdict.no(
                Reason.INVALID,
                "Its finalizer or its Secret cannot be written: somebody else changes them, they"
                    + " are too large, or the namespace is being deleted."),
            new Password.None());
  }

  private UserDecision keep(
      UserObservation user,
      BrokerProfile profile,
      Optional<Endpoint> endpoint,
      ComparedSecrets compared) {
    var decision = decide(user, profile.takesPasswords());
    // Others are refused, and must not be held back by a broker that has no say over them.
    if (user.isBeingDeleted() || !user.isMember()) {
      return decision;
    }
    addFinalizer(user.user());
    if (decision.password() instanceof Password.ToGenerate asked) {
      decision =
          decision.with(new Password.Generated(Password.generate(random), asked.generation()));
    }
    if (!decision.password().isKnown()
        || decision.password() instanceof Password.LastGood
        || decision.password() instanceof Password.LastGoodHash) {
      return decision;
    }
    try {
      write(decision, decision.password().secret(), endpoint.orElseThrow(), compared);
      return decision;
    } catch (NameTaken taken) {
      return refused(
          user, Reason.NAME_TAKEN, "spec.secret.name: " + Objects.toString(taken.getMessage(), ""));
    } catch (KubernetesClientException failed) {
      if (!ApiRefusal.isOfContent(failed)) {
        throw failed;
      }
      // A quota, or metadata that is too large: it is this user's matter alone.
      return refused(
          user, Reason.INVALID, "Its Secret cannot be written: " + ApiRefusal.sentence(failed));
    }
  }

  /** Who could log in before still can; a new user cannot. */
  private static UserDecision refused(UserObservation user, Reason reason, String message) {
    return new UserDecision(user, Verdict.no(reason, message), Password.lastGood(user));
  }

  /** Gives ACLs their finalizer. */
  void keepAcls(BrokerObservation seen) throws InterruptedException {
    var members =
        seen.acls().stream()
            .filter(acl -> seen.tenancy().admits(acl.getMetadata().getNamespace()))
            .toList();
    writes.forEach(
        members,
        acl -> {
          Contained.of(
              acl,
              () -> {
                addFinalizer(acl);
                return true;
              });
          return true;
        });
  }

  /** Holds a user or an ACL back from vanishing before every pod is proven to be without it. */
  void addFinalizer(HasMetadata resource) {
    if (resource.getMetadata().getDeletionTimestamp() == null
        && !resource.getFinalizers().contains(Labels.FINALIZER)) {
      var finalizers = new ArrayList<>(resource.getFinalizers());
      finalizers.add(Labels.FINALIZER);
      applier.setFinalizers(resource, finalizers);
    }
  }

  @SuppressWarnings("ReferenceEquality") // what was not written is what is there
  private void write(
      UserDecision decision,
      Optional<SecretBytes> password,
      Endpoint endpoint,
      ComparedSecrets compared) {
    var user = decision.user();
    var namespace = user.getMetadata().getNamespace();
    var present = caches.secrets.get(namespace, UserObservation.secretName(user)).orElse(null);
    if (present != null && compared.isUnchanged(user, present, password, endpoint)) {
      return;
    }
    var desired = UserSecretBlueprint.of(decision, password, endpoint);
    var written = applier.apply(desired, present, user);
    // Those it had under other names: each still holds a credential.
    caches.secrets.controlledBy(user).stream()
        .filter(old -> !old.getMetadata().getName().equals(desired.getMetadata().getName()))
        .forEach(applier::delete);
    if (present != null && written == present) {
      compared.add(user, present, password, endpoint);
    }
  }
}
