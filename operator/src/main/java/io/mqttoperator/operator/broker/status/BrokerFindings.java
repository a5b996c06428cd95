package io.mqttoperator.operator.broker.status;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.RevisionChoice;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.broker.rollout.PodPass;
import io.mqttoperator.operator.broker.rollout.RevisionProof;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that a pass has found out about a broker, for its status.
 *
 * @param profile empty if the spec cannot be used
 * @param accepted the verdict for {@code Accepted}
 * @param certificates the verdict for {@code CertificatesReady}
 * @param bridges whether all pods exchange messages
 * @param proven the revision that each pod was seen to enforce, by the pod's name
 */
public record BrokerFindings(
    Optional<BrokerProfile> profile,
    Verdict accepted,
    Verdict certificates,
    Optional<BrokerSecrets> secrets,
    Optional<RevisionSecrets> files,
    int rules,
    Enforcement enforcement,
    Verdict bridges,
    Map<String, String> proven,
    Optional<StatefulSet> statefulSet) {

  /** Of a broker whose spec can be used, once its pods have answered. */
  public static BrokerFindings of(
      BrokerProfile profile,
      BrokerSecrets secrets,
      RevisionChoice choice,
      AccessPlan plan,
      PodPass.Outcome outcome,
      Instant now) {
    var answers = outcome.answers();
    return new BrokerFindings(
        Optional.of(profile),
        accepted(profile, secrets, outcome),
        secrets.own().ready(now),
        Optional.of(secrets),
        Optional.of(choice.files()),
        plan.rules(),
        answers.revision().enforcement(),
        answers.bridges().verdict(profile.names(), profile.replicas()),
        proven(answers.revision(), choice.files()),
        outcome.workload().statefulSet());
  }

  private static Verdict accepted(
      BrokerProfile profile, BrokerSecrets secrets, PodPass.Outcome outcome) {
    var accepted = secrets.own().accepted(outcome.accepted());
    return accepted.isTrue()
        ? secrets
            .clients()
            .flatMap(clients -> clients.listed().verdict(profile.names()))
            .orElse(accepted)
        : accepted;
  }

  private static Map<String, String> proven(RevisionProof.Outcome proof, RevisionSecrets files) {
    var revisions = new HashMap<String, String>();
    proof.pods().keySet().stream()
        .filter(proof::hasProven)
        .forEach(pod -> revisions.put(pod, files.revision().hex()));
    return revisions;
  }
}
