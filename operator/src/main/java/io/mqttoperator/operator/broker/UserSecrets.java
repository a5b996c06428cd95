package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.StoredHashes;
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
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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

  /**
   * Decides without writing.
   *
   * @param stored what to fall back on where a user's own hash is not to be used
   */
  static UserDecision decide(UserObservation user, boolean takesPasswords, StoredHashes stored) {
    var accepted = UserRules.check(user, takesPasswords);
    return new UserDecision(user, accepted, Password.decide(user, accepted, stored));
  }

  /** Decides on each user, and writes what follows; in the order in which they were made. */
  List<UserDecision> keep(
      BrokerObservation seen, BrokerProfile profile, BrokerSecrets secrets, KeptUsers kept)
      throws InterruptedException {
    var endpoint =
        profile.takesPasswords()
            ? Optional.of(Endpoint.of(profile, secrets::trust))
            : Optional.<Endpoint>empty();
    var stored = seen.storedHashes();
    var look = kept.look(endpoint);
    var decisions = new HashMap<String, UserDecision>();
    var open = new ArrayList<UserObservation>();
    for (var user : seen.users()) {
      look.find(user)
          .ifPresentOrElse(known -> decisions.put(user.uid(), known), () -> open.add(user));
    }
    var decided =
        writes.forEach(
            open,
            user ->
                Contained.of(user.user(), () -> keep(user, profile, endpoint, stored))
                    .orElseGet(() -> new Kept(unwritten(user, profile, stored), false)));
    for (int i = 0; i < open.size(); i++) {
      var user = open.get(i);
      var now = decided.get(i);
      decisions.put(user.uid(), now.isSettled() ? look.put(user, now.decision()) : now.decision());
    }
    look.end();
    return seen.users().stream()
        .map(user -> Objects.requireNonNull(decisions.get(user.uid())))
        .toList();
  }

  /**
   * What was done about a user.
   *
   * @param isSettled nothing had to be written, and nothing will until something changes
   */
  private record Kept(UserDecision decision, boolean isSettled) {

    static Kept unsettled(UserDecision decision) {
      return new Kept(decision, false);
    }
  }

  /** A tenant's user for whom nothing could be written: one that is known goes on as it was. */
  private static UserDecision unwritten(
      UserObservation user, BrokerProfile profile, StoredHashes stored) {
    var decision = decide(user, profile.takesPasswords(), stored);
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

  private Kept keep(
      UserObservation user,
      BrokerProfile profile,
      Optional<Endpoint> endpoint,
      StoredHashes stored) {
    var decision = decide(user, profile.takesPasswords(), stored);
    // Others are refused, and must not be held back by a broker that has no say over them.
    if (user.isBeingDeleted() || !user.isMember()) {
      return Kept.unsettled(decision);
    }
    var isHeld = addFinalizer(user.user());
    if (decision.password() instanceof Password.ToGenerate asked) {
      decision =
          decision.with(new Password.Generated(Password.generate(random), asked.generation()));
    }
    if (!decision.password().isKnown()
        || decision.password() instanceof Password.LastGood
        || decision.password() instanceof Password.LastGoodHash) {
      return Kept.unsettled(decision);
    }
    try {
      var isWritten = write(decision, decision.password().secret(), endpoint.orElseThrow());
      return new Kept(decision, isHeld && isWritten && decision.accepted().isTrue());
    } catch (NameTaken taken) {
      return refused(
          user,
          Reason.NAME_TAKEN,
          "spec.secret.name: " + Objects.toString(taken.getMessage(), ""),
          stored);
    } catch (KubernetesClientException failed) {
      if (!ApiRefusal.isOfContent(failed)) {
        throw failed;
      }
      // A quota, or metadata that is too large: it is this user's matter alone.
      return refused(
          user,
          Reason.INVALID,
          "Its Secret cannot be written: " + ApiRefusal.sentence(failed),
          stored);
    }
  }

  /** Who could log in before still can; a new user cannot. */
  private static Kept refused(
      UserObservation user, Reason reason, String message, StoredHashes stored) {
    return Kept.unsettled(
        new UserDecision(user, Verdict.no(reason, message), Password.lastGood(user, stored)));
  }

  /** Gives ACLs their finalizer. */
  void keepAcls(BrokerObservation seen) throws InterruptedException {
    var unheld =
        seen.acls().stream()
            .filter(acl -> seen.tenancy().admits(acl.getMetadata().getNamespace()))
            .filter(UserSecrets::isToBeHeld)
            .toList();
    writes.forEach(unheld, acl -> Contained.of(acl, () -> addFinalizer(acl)).isPresent());
  }

  private static boolean isToBeHeld(HasMetadata resource) {
    return resource.getMetadata().getDeletionTimestamp() == null
        && !resource.getFinalizers().contains(Labels.FINALIZER);
  }

  /**
   * Holds a user or an ACL back from vanishing before every pod is proven to be without it.
   *
   * @return whether it was held already
   */
  private boolean addFinalizer(HasMetadata resource) {
    if (!isToBeHeld(resource)) {
      return true;
    }
    var finalizers = new ArrayList<>(resource.getFinalizers());
    finalizers.add(Labels.FINALIZER);
    applier.setFinalizers(resource, finalizers);
    return false;
  }

  /** Answers whether it was so already. */
  @SuppressWarnings("ReferenceEquality") // what was not written is what is there
  private boolean write(UserDecision decision, Optional<SecretBytes> password, Endpoint endpoint) {
    var user = decision.user();
    var namespace = user.getMetadata().getNamespace();
    var present = caches.secrets.get(namespace, UserObservation.secretName(user)).orElse(null);
    var desired = UserSecretBlueprint.of(decision, password, endpoint);
    var written = applier.apply(desired, present, user);
    // Those it had under other names: each still holds a credential.
    var others =
        caches.secrets.controlledBy(user).stream()
            .filter(old -> !old.getMetadata().getName().equals(desired.getMetadata().getName()))
            .toList();
    others.forEach(applier::delete);
    return present != null && written == present && others.isEmpty();
  }
}
