package io.mqttoperator.operator.broker.status;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttBrokerStatus.AccessStatus;
import io.mqttoperator.api.MqttBrokerStatus.CertificateStatus;
import io.mqttoperator.api.MqttBrokerStatus.PodStatus;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.Enforcement.Proven;
import io.mqttoperator.operator.broker.certificates.AuthorityNews;
import io.mqttoperator.operator.broker.objects.Partition;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.DatabaseReport;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.observation.Star;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker's status, from what was seen. Pure. */
public final class BrokerStatusComposer {

  private BrokerStatusComposer() {}

  static MqttBrokerStatus compose(
      MqttBroker broker, BrokerObservation seen, BrokerFindings found, Clock clock) {
    var before = Optional.ofNullable(broker.getStatus());
    var generation = broker.getMetadata().getGeneration();
    var conditions = before.map(MqttBrokerStatus::conditions).orElse(null);
    var enforced = enforced(found, before.orElse(null));
    var verdicts = new LinkedHashMap<String, Verdict>();
    verdicts.put(Conditions.ACCEPTED, found.accepted());
    verdicts.put(Conditions.CERTIFICATES_READY, found.certificates());
    verdicts.put(Conditions.ACCESS_ENFORCED, enforced);
    verdicts.put(Conditions.READY, ready(seen, found, enforced, clock.instant()));
    return new MqttBrokerStatus(
        generation,
        Conditions.compose(conditions, verdicts, generation, clock),
        found.statefulSet().map(BrokerStatusComposer::replicas).orElse(0),
        found.statefulSet().map(BrokerStatusComposer::readyReplicas).orElse(0),
        selector(broker.getMetadata().getName()),
        found
            .profile()
            .map(profile -> new ExternalAddresses(profile, seen, before.orElse(null)).endpoints())
            .or(() -> before.map(MqttBrokerStatus::endpoints))
            .orElse(List.of()),
        certificates(found, before.orElse(null)),
        found
            .files()
            .map(files -> new AccessStatus(files.revision().hex(), files.users(), found.rules()))
            .or(() -> before.map(MqttBrokerStatus::access))
            .orElse(null),
        pods(seen, found),
        DatabaseReport.added(
            warnings(found).or(() -> before.map(MqttBrokerStatus::warnings)).orElse(List.of()),
            seen));
  }

  private static Optional<List<String>> warnings(BrokerFindings found) {
    return found
        .profile()
        .map(
            profile ->
                Stream.concat(
                        Stream.concat(profile.warnings().stream(), Star.limits(profile)),
                        found.secrets().stream()
                            .flatMap(
                                secrets ->
                                    Stream.of(
                                            secrets.own().allWarnings(),
                                            CipherWarnings.of(profile, secrets),
                                            AuthorityNews.warning(profile, secrets).stream(),
                                            AuthorityNews.ofFormers(secrets.formers()).stream())
                                        .flatMap(each -> each)))
                    .toList());
  }

  private static Verdict enforced(BrokerFindings found, @Nullable MqttBrokerStatus before) {
    return switch (found.enforcement()) {
      case Proven proven ->
          Verdict.yes(Reason.ENFORCED, "Every running pod has been seen to enforce the revision.");
      // A pod that restarts takes the same revision again: nothing is said anew meanwhile.
      case Enforcement.NoRunningPod none when isStanding(found, before) ->
          Verdict.yes(Reason.ENFORCED, "Every running pod has been seen to enforce the revision.");
      case Enforcement other -> other.unproven();
    };
  }

  private static boolean isStanding(BrokerFindings found, @Nullable MqttBrokerStatus before) {
    var access = before == null ? null : before.access();
    return before != null
        && access != null
        && Conditions.isTrue(before.conditions(), Conditions.ACCESS_ENFORCED)
        && found
            .files()
            .map(files -> files.revision().hex().equals(access.revision()))
            .orElse(false);
  }

  private static Verdict ready(
      BrokerObservation seen, BrokerFindings found, Verdict enforced, Instant now) {
    if (!found.accepted().isTrue()) {
      return asNotReady(found.accepted());
    }
    if (found.profile().map(BrokerProfile::isPaused).orElse(false)) {
      return Verdict.no(Reason.PAUSED, "The broker is paused: set spec.paused to false.");
    }
    if (!found.certificates().isTrue()) {
      return asNotReady(found.certificates());
    }
    var set = found.statefulSet();
    if (!isRolledOut(found)) {
      return PodStates.problem(seen, now).orElseGet(() -> starting(set));
    }
    if (!enforced.isTrue()) {
      return asNotReady(enforced);
    }
    if (isTurning(found)) {
      return Verdict.no(Reason.RESTARTING, turns(found, set.get().getSpec().getReplicas()));
    }
    return found.bridges().isTrue()
        ? Verdict.yes(
            Reason.READY,
            "All pods are ready and enforce the newest revision." + pending(seen, found))
        : asNotReady(found.bridges());
  }

  /** Whether all pods that are asked for are there, ready, and of the newest template. */
  public static boolean isRolledOut(BrokerFindings found) {
    return found.statefulSet().filter(BrokerStatusComposer::isRolledOut).isPresent();
  }

  /** Whether pods wait for their turn to start with another configuration. */
  public static boolean isTurning(BrokerFindings found) {
    return found.files().map(files -> !files.starts().turns().isEmpty()).orElse(false);
  }

  private static String turns(BrokerFindings found, int replicas) {
    var waiting = found.files().orElseThrow().starts().turns().waiting().size();
    return ("A change restarts Mosquitto inside the pods, one at a time: %d of %d have had their"
            + " turn. The next one's comes when they serve again; if that lasts, their logs tell"
            + " why.")
        .formatted(replicas - waiting, replicas);
  }

  private static Verdict starting(Optional<StatefulSet> set) {
    return set.filter(Partition::restarts)
        .map(
            restarting ->
                Verdict.no(
                    Reason.RESTARTING,
                    "A change restarts the pods, one at a time: %d of %d have it."
                        .formatted(
                            Partition.restarted(restarting), restarting.getSpec().getReplicas())))
        .orElseGet(() -> Verdict.no(Reason.STARTING, "Pods are starting or being replaced."));
  }

  /** Pods serve without an address from outside, and not every cluster gives one. */
  private static String pending(BrokerObservation seen, BrokerFindings found) {
    return found
        .profile()
        .map(profile -> new ExternalAddresses(profile, seen, null).pending())
        .orElse("");
  }

  private static Verdict asNotReady(Verdict verdict) {
    return Verdict.no(verdict.reason(), verdict.message());
  }

  private static boolean isRolledOut(StatefulSet set) {
    var status = set.getStatus();
    return status != null
        && Objects.equals(status.getObservedGeneration(), set.getMetadata().getGeneration())
        && !Partition.isUnderWay(set)
        && Objects.equals(status.getUpdateRevision(), status.getCurrentRevision())
        && readyReplicas(set) == set.getSpec().getReplicas();
  }

  private static int replicas(StatefulSet set) {
    return set.getStatus() == null || set.getStatus().getReplicas() == null
        ? 0
        : set.getStatus().getReplicas();
  }

  private static int readyReplicas(StatefulSet set) {
    return set.getStatus() == null || set.getStatus().getReadyReplicas() == null
        ? 0
        : set.getStatus().getReadyReplicas();
  }

  private static String selector(String broker) {
    return new TreeMap<>(Labels.selector(broker))
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(","));
  }

  private static @Nullable List<CertificateStatus> certificates(
      BrokerFindings found, @Nullable MqttBrokerStatus before) {
    return found
        .secrets()
        .map(secrets -> CertificateStatuses.of(secrets))
        .orElseGet(
            () ->
                before == null
                    ? List.of()
                    : Objects.requireNonNullElse(before.certificates(), List.of()));
  }

  private static List<PodStatus> pods(BrokerObservation seen, BrokerFindings found) {
    return seen.pods().stream()
        .map(pod -> pod.getMetadata().getName())
        .map(name -> new PodStatus(name, found.proven().get(name)))
        .toList();
  }

  /** For a broker of which nothing can be said but that it is not accepted. */
  public static BrokerFindings refused(
      BrokerObservation seen, Verdict verdict, Enforcement enforcement) {
    return new BrokerFindings(
        Optional.empty(),
        verdict,
        verdict.reason() == Reason.INVALID_CERTIFICATE
            ? verdict
            : Verdict.unknown(verdict.reason(), verdict.message()),
        Optional.empty(),
        Optional.empty(),
        0,
        enforcement,
        Verdict.unknown(verdict.reason(), verdict.message()),
        Map.of(),
        seen.statefulSet());
  }
}
