package io.mqttoperator.operator.broker.status;

import io.mqttoperator.operator.access.CredentialKind;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.clients.UserSecretBlueprint;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.StoredConfiguration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Listeners that are asked for, and that not every pod has opened: a change of listeners goes from
 * pod to pod, or is refused. Nobody can log in yet whose Secret names such a one. Pure.
 */
public final class OpeningListeners {

  private final BrokerProfile profile;
  private final Set<String> names;

  private OpeningListeners(BrokerProfile profile, Set<String> names) {
    this.profile = profile;
    this.names = names;
  }

  /**
   * Those of a revision.
   *
   * @param files as they are written
   * @param haveAllTaken whether all pods run with the newest configuration
   */
  public static OpeningListeners of(
      BrokerProfile profile, RevisionSecrets files, boolean haveAllTaken) {
    var newest =
        new StoredConfiguration(
            Objects.requireNonNull(files.revision().files().get(RevisionFiles.CONFIGURATION)),
            new byte[0]);
    var running =
        haveAllTaken
            ? Stream.of(newest).toList()
            : Stream.concat(Stream.of(newest), files.starts().earlier().values().stream()).toList();
    return new OpeningListeners(
        profile,
        profile.listeners().stream()
            .map(ListenerProfile::configuration)
            .filter(asked -> !running.stream().allMatch(one -> one.opens(asked)))
            .map(asked -> asked.name())
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** What is to be said of a user, whatever all pods are proven to enforce. */
  public Enforcement of(UserDecision user, Enforcement found) {
    if (names.isEmpty() || !(found instanceof Enforcement.Proven) || !user.mayLogIn()) {
      return found;
    }
    var held = CredentialKind.of(user.user());
    return UserSecretBlueprint.listener(profile, held)
        .map(ListenerProfile::name)
        .filter(names::contains)
        .<Enforcement>map(
            name ->
                new Enforcement.Pending(
                    Reason.APPLYING,
                    ("Listener %s, which the user's Secret names, is not open on every pod yet: the"
                            + " broker's conditions say when.")
                        .formatted(name)))
        .orElse(found);
  }
}
