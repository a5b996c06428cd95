package io.mqttoperator.operator.broker;

import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.broker.clients.CredentialRules;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.sessions.Departures;
import io.mqttoperator.operator.broker.status.BrokerStatusComposer;
import io.mqttoperator.operator.broker.status.SaidStatuses;
import io.mqttoperator.operator.broker.status.StatusPass;
import io.mqttoperator.operator.kube.Patience;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A pass over a broker for which nothing can be written. What runs keeps running, so users that
 * leave are held while a pod may let them in; new ones are told why they wait.
 */
final class RefusedPass {

  private final StatusPass statuses;
  private final Departures departures;

  RefusedPass(StatusPass statuses, Departures departures) {
    this.statuses = statuses;
    this.departures = departures;
  }

  /** Says so in every status, and when to look again. */
  Duration run(MqttBroker broker, BrokerObservation seen, BrokerNames names, Verdict refusal)
      throws InterruptedException {
    var enforcement =
        seen.pods().stream().noneMatch(pod -> PodStates.isRunning(pod) || PodStates.isStarting(pod))
            ? new Enforcement.NoRunningPod()
            : new Enforcement.Pending(
                refusal.reason(), "The broker is refused: " + refusal.message());
    var stored = seen.storedHashes();
    var any = EnumSet.allOf(ClientAuthentication.class);
    var users =
        seen.users().stream().map(user -> CredentialRules.decide(user, any, stored)).toList();
    var plan = AccessPlan.of(users, seen.acls(), seen.tenancy());
    statuses.access(
        plan,
        new SaidStatuses().look(enforcement, Set.of()),
        (user, found) -> found,
        Patience.ENDLESS);
    statuses.broker(broker, seen, BrokerStatusComposer.refused(seen, refusal, enforcement));
    departures.release(
        users,
        plan.acls(),
        enforcement,
        Optional.empty(),
        seen.pods(),
        names,
        Optional.empty(),
        Patience.ENDLESS);
    return NextLook.AFTER_REFUSAL;
  }
}
