package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.operator.access.ClientCertificate;
import io.mqttoperator.operator.access.CredentialKind;
import io.mqttoperator.operator.access.KeyDecision;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.clients.UserSecretBlueprint.Endpoint;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.UserObserver;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.ApiRefusal;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.Contained;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.NameTaken;
import io.mqttoperator.operator.kube.Patience;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.kube.Writes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Writes the Secrets that users' clients read, once the users are held by their finalizers. */
public final class UserSecrets {

  private final Caches caches;
  private final Applier applier;
  private final Finalizers finalizers;
  private final Writes writes;
  private final SecureRandom random;

  public UserSecrets(
      Caches caches, Applier applier, Finalizers finalizers, Writes writes, SecureRandom random) {
    this.caches = caches;
    this.applier = applier;
    this.finalizers = finalizers;
    this.writes = writes;
    this.random = random;
  }

  /**
   * Writes what follows from what was decided on each user; in the order in which they were made.
   *
   * @param patience newcomers for whom nothing is written when it ends are left out, as if they
   *     came after this pass; so are those for whose certificate there was no time
   */
  public List<UserDecision> write(
      BrokerObservation seen,
      BrokerProfile profile,
      ClientPass.Outcome clients,
      KeptUsers kept,
      Patience patience)
      throws InterruptedException {
    var endpoints = new ConcurrentHashMap<Set<CredentialKind>, Endpoint>();
    Function<UserDecision, Endpoint> endpoint =
        decided ->
            endpoints.computeIfAbsent(
                CredentialKind.of(decided.user()),
                held -> Endpoint.of(profile, clients.secrets()::trust, held));
    var stored = seen.storedHashes();
    var look = kept.look();
    var decisions = new HashMap<String, UserDecision>();
    var open = new ArrayList<UserDecision>();
    var newcomers = new ArrayList<UserDecision>();
    for (var user : seen.users()) {
      var decided = clients.decided().of(user);
      if (isNewcomer(user) && isAwaiting(decided)) {
        continue;
      }
      var known =
          decided.accepted().isTrue()
              ? look.find(decided, endpoint.apply(decided))
              : Optional.<UserDecision>empty();
      known.ifPresentOrElse(
          same -> decisions.put(user.uid(), same),
          () -> (isNewcomer(user) ? newcomers : open).add(decided));
    }
    Function<UserDecision, Written> settle =
        decided ->
            Contained.of(decided.user(), () -> settle(decided, endpoint, stored))
                .orElseGet(() -> Written.unsettled(unwritten(decided)));
    var now = new ArrayList<>(writes.forEach(open, settle));
    // Whoever cannot be written for must not stand before all others each time.
    Collections.rotate(newcomers, random.nextInt(newcomers.size() + 1));
    now.addAll(writes.forFirst(newcomers, settle, patience));
    for (var one : now) {
      var decision = one.decision();
      decisions.put(
          decision.seen().uid(),
          one.isSettled() ? look.put(decision, endpoint.apply(decision)) : decision);
    }
    look.end();
    return seen.users().stream()
        .flatMap(user -> Stream.ofNullable(decisions.get(user.uid())))
        .toList();
  }

  /** Of thousands that come at once, each would be written twice. */
  private static boolean isAwaiting(UserDecision decided) {
    return decided.accepted().isTrue()
        && decided.certificate() instanceof ClientCertificate.Awaited;
  }

  private static boolean isNewcomer(UserObservation user) {
    return user.isMember() && Caches.isNewcomer(user.user());
  }

  /**
   * What was done about a user.
   *
   * @param isSettled nothing had to be written, and nothing will until something changes
   */
  private record Written(UserDecision decision, boolean isSettled) {

    static Written unsettled(UserDecision decision) {
      return new Written(decision, false);
    }
  }

  /** A tenant's user for whom nothing could be written: one that is known goes on as it was. */
  private static UserDecision unwritten(UserDecision decision) {
    return decision.hasCredential() && decision.user().getFinalizers().contains(Labels.FINALIZER)
        ? decision
        : new UserDecision(
            decision.seen(),
            Verdict.no(
                Reason.INVALID,
                "Its finalizer or its Secret cannot be written: somebody else changes them, they"
                    + " are too large, or the namespace is being deleted."),
            new Password.None());
  }

  private Written settle(
      UserDecision decided, Function<UserDecision, Endpoint> endpoint, StoredHashes stored) {
    var user = decided.seen();
    // Others are refused, and must not be held back by a broker that has no say over them.
    if (user.isBeingDeleted() || !user.isMember()) {
      return Written.unsettled(decided);
    }
    var isHeld = finalizers.add(user.user());
    if (user.isRenamed()) {
      // Its Secret would have the old name and the new password.
      return Written.unsettled(decided);
    }
    var decision = GeneratedCredentials.of(decided, random);
    if (!decision.hasCredential()
        || decision.accepted().reason() == Reason.NAME_TAKEN
        || decision.key() instanceof KeyDecision.LastGood
        || decision.password() instanceof Password.LastGood
        || decision.password() instanceof Password.LastGoodHash) {
      return Written.unsettled(decision);
    }
    try {
      var isWritten = write(decision, decision.password().secret(), endpoint.apply(decision));
      return new Written(decision, isHeld && isWritten && decision.accepted().isTrue());
    } catch (NameTaken taken) {
      return refused(
          decision,
          Reason.NAME_TAKEN,
          "spec.secret.name: " + Objects.toString(taken.getMessage(), ""),
          stored);
    } catch (KubernetesClientException failed) {
      if (!ApiRefusal.isOfContent(failed)) {
        throw failed;
      }
      // A quota, or metadata that is too large: it is this user's matter alone.
      return refused(
          decision,
          Reason.INVALID,
          "Its Secret cannot be written: " + ApiRefusal.sentence(failed),
          stored);
    }
  }

  /** Who could log in before still can; a new user cannot. */
  private Written refused(
      UserDecision decision, Reason reason, String message, StoredHashes stored) {
    var seen = decision.seen();
    var refused =
        new UserDecision(
            seen,
            Verdict.no(reason, message),
            Password.lastGood(seen, stored),
            KeyDecision.lastGood(seen));
    // One that was issued just now has never been handed out.
    return Written.unsettled(
        UserObserver.written(caches, decision.user()).isPresent()
            ? refused.with(decision.certificate(), decision.isCutOff())
            : refused);
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
        caches
            .secretsOf(user)
            .filter(old -> !old.getMetadata().getName().equals(desired.getMetadata().getName()))
            .toList();
    others.forEach(applier::delete);
    return present != null && written == present && others.isEmpty();
  }
}
