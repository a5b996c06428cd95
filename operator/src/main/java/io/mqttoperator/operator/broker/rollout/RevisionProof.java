package io.mqttoperator.operator.broker.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.mosquitto.StartDigest;
import io.mqttoperator.operator.mqtt.OperatorIdentity;
import io.mqttoperator.operator.mqtt.PodConnections;
import io.mqttoperator.operator.mqtt.ProofResult;
import io.mqttoperator.operator.mqtt.ProofResult.Enforced;
import io.mqttoperator.operator.mqtt.ProofResult.NotYet;
import io.mqttoperator.operator.mqtt.ProofResult.Unreachable;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Makes the kubelets refresh, and asks each running pod over MQTT whether it enforces a revision.
 */
public final class RevisionProof {

  /**
   * How long a pass waits. A kubelet that has not seen the Secret yet would wait a minute: then the
   * annotation is patched again.
   */
  private static final Duration WAIT = Duration.ofMillis(1500);

  private final Applier applier;
  private final PodConnections connections;

  RevisionProof(Applier applier, PodConnections connections) {
    this.applier = applier;
    this.connections = connections;
  }

  /**
   * What was found.
   *
   * @param pods the answer of each running pod, by its name
   */
  public record Outcome(Enforcement enforcement, Map<String, ProofResult> pods) {

    public boolean hasProven(String pod) {
      return pods.get(pod) instanceof Enforced;
    }
  }

  /**
   * Annotates the pods that have not been told of what they are to take: their kubelets refresh at
   * once.
   *
   * @param attempt how often this revision was tried before; another one is told again
   */
  void tell(List<Pod> pods, RevisionSecrets files, int attempt) {
    pods.forEach(pod -> tell(pod, files.wordFor(pod), attempt));
  }

  /**
   * Waits for the answers of all running pods. One that is said not to run is asked as well: it may
   * start while the kubelet is refreshing its files, with those of before. So one that is about to
   * start counts as long as that can be; after that it does not: what it starts with then is the
   * revision that it was told of.
   *
   * @param starting the names of the pods that are about to start
   */
  Outcome prove(
      List<Pod> pods,
      Set<String> starting,
      BrokerNames names,
      OperatorIdentity identity,
      String revision)
      throws InterruptedException {
    var answers = new LinkedHashMap<Pod, CompletableFuture<ProofResult>>();
    for (var pod : pods) {
      if (PodStates.isRunning(pod) || PodStates.mayHaveStarted(pod)) {
        answers.put(
            pod, connections.await(PodStates.endpoint(pod, names), identity, revision, WAIT));
      }
    }
    var results = new LinkedHashMap<String, ProofResult>();
    for (var answer : answers.entrySet()) {
      var pod = answer.getKey();
      var result = resultOf(answer.getValue());
      if (PodStates.isRunning(pod) || !(result instanceof Unreachable)) {
        results.put(pod.getMetadata().getName(), result);
      }
    }
    starting.forEach(pod -> results.putIfAbsent(pod, new Unreachable("it is starting")));
    return new Outcome(judge(results), results);
  }

  /**
   * Which of some pods run with a configuration, as they say themselves. Waits like {@link #prove}.
   *
   * @return their names
   */
  Set<String> proveStart(
      List<Pod> pods, BrokerNames names, OperatorIdentity identity, StartDigest start)
      throws InterruptedException {
    var answers = new LinkedHashMap<String, CompletableFuture<ProofResult>>();
    for (var pod : pods) {
      if (PodStates.isRunning(pod)) {
        answers.put(
            pod.getMetadata().getName(),
            connections.awaitStart(PodStates.endpoint(pod, names), identity, start.hex(), WAIT));
      }
    }
    var started = new HashSet<String>();
    for (var answer : answers.entrySet()) {
      if (resultOf(answer.getValue()) instanceof Enforced) {
        started.add(answer.getKey());
      }
    }
    return started;
  }

  private void tell(Pod pod, String word, int attempt) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    var told = Optional.ofNullable(Drift.annotations(pod).get(Labels.REVISION)).orElse("");
    var value = attempt == 0 ? word : word + "." + attempt;
    if (!told.equals(value) && !(attempt == 0 && told.startsWith(word + "."))) {
      applier.annotatePod(
          pod.getMetadata().getNamespace(), pod.getMetadata().getName(), Labels.REVISION, value);
    }
  }

  private static ProofResult resultOf(CompletableFuture<ProofResult> answer)
      throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException failed) {
      return new Unreachable(String.valueOf(failed.getCause()));
    }
  }

  static Enforcement judge(Map<String, ProofResult> results) {
    if (results.isEmpty()) {
      return new Enforcement.NoRunningPod();
    }
    Enforcement judged = new Enforcement.Proven();
    for (var result : results.entrySet()) {
      switch (result.getValue()) {
        case Enforced enforced -> {}
        case NotYet notYet -> {
          // Outweighs one that cannot be asked: this one is known to let in who is to go.
          return new Enforcement.Pending(
              Reason.APPLYING,
              ("Pod %s has not been seen to enforce the newest revision yet. If that lasts, its log"
                      + " tells why.")
                  .formatted(result.getKey()));
        }
        case Unreachable unreachable ->
            judged =
                new Enforcement.Pending(
                    Reason.POD_UNREACHABLE,
                    "Pod %s cannot be asked: %s".formatted(result.getKey(), unreachable.reason()));
      }
    }
    return judged;
  }
}
