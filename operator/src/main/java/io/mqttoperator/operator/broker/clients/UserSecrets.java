package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.operator.access.ClientCertificate;
import io.mqttoperator.operator.access.ClientKey;
import io.mqttoperator.operator.access.CredentialKind;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserRules;
import io.mqttoperator.operator.broker.objects.UserSecretBlueprint;
import io.mqttoperator.operator.broker.objects.UserSecretBlueprint.Endpoint;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.UserObserver;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.UserCertificateSettings;
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
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
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

/** Decides on users, gives them their finalizer, and writes the Secrets their clients read. */
public final class UserSecrets {

  private final Caches caches;
  private final Applier applier;
  private final Writes writes;
  private final SecureRandom random;

  public UserSecrets(Caches caches, Applier applier, Writes writes, SecureRandom random) {
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
  public static UserDecision decide(
      UserObservation user, Set<ClientAuthentication> listeners, StoredHashes stored) {
    var asked = Optional.ofNullable(user.user().getSpec().certificate());
    var checked = UserRules.check(user, listeners);
    var accepted =
        asked
            .filter(any -> checked.isTrue())
            .flatMap(UserCertificateSettings::problem)
            .map(problem -> Verdict.no(Reason.INVALID, "spec.certificate: " + problem))
            .orElse(checked);
    var password = Password.decide(user, accepted, stored);
    var decision = new UserDecision(user, accepted, password, ClientKey.decide(user, accepted));
    return asked.isEmpty()
        ? decision
        : decision.with(new ClientCertificate.Awaited("Its certificate is being issued."), false);
  }

  /**
   * Writes what follows from what was decided on each user; in the order in which they were made.
   *
   * @param patience newcomers for whom nothing is written when it ends are left out, as if they
   *     came after this pass; so are those for whose certificate there was no time
   */
  public List<UserDecision> keep(
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
    Function<UserDecision, Kept> keep =
        decided ->
            Contained.of(decided.user(), () -> keep(decided, endpoint, stored))
                .orElseGet(() -> Kept.unsettled(unwritten(decided)));
    var now = new ArrayList<>(writes.forEach(open, keep));
    // Whoever cannot be written for must not stand before all others each time.
    Collections.rotate(newcomers, random.nextInt(newcomers.size() + 1));
    now.addAll(writes.forFirst(newcomers, keep, patience));
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
  private record Kept(UserDecision decision, boolean isSettled) {

    static Kept unsettled(UserDecision decision) {
      return new Kept(decision, false);
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

  private Kept keep(
      UserDecision decided, Function<UserDecision, Endpoint> endpoint, StoredHashes stored) {
    var user = decided.seen();
    // Others are refused, and must not be held back by a broker that has no say over them.
    if (user.isBeingDeleted() || !user.isMember()) {
      return Kept.unsettled(decided);
    }
    var isHeld = addFinalizer(user.user());
    if (user.isRenamed()) {
      // Its Secret would have the old name and the new password.
      return Kept.unsettled(decided);
    }
    var decision = GeneratedCredentials.of(decided, random);
    if (!decision.hasCredential()
        || decision.accepted().reason() == Reason.NAME_TAKEN
        || decision.key() instanceof ClientKey.LastGood
        || decision.password() instanceof Password.LastGood
        || decision.password() instanceof Password.LastGoodHash) {
      return Kept.unsettled(decision);
    }
    try {
      var isWritten = write(decision, decision.password().secret(), endpoint.apply(decision));
      return new Kept(decision, isHeld && isWritten && decision.accepted().isTrue());
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
  private Kept refused(UserDecision decision, Reason reason, String message, StoredHashes stored) {
    var seen = decision.seen();
    var refused =
        new UserDecision(
            seen,
            Verdict.no(reason, message),
            Password.lastGood(seen, stored),
            ClientKey.lastGood(seen));
    // One that was issued just now has never been handed out.
    return Kept.unsettled(
        UserObserver.written(caches, decision.user()).isPresent()
            ? refused.with(decision.certificate(), decision.isCutOff())
            : refused);
  }

  /** Gives ACLs their finalizer. */
  public void keepAcls(BrokerObservation seen) throws InterruptedException {
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
        caches
            .secretsOf(user)
            .filter(old -> !old.getMetadata().getName().equals(desired.getMetadata().getName()))
            .toList();
    others.forEach(applier::delete);
    return present != null && written == present && others.isEmpty();
  }
}
