package io.mqttoperator.e2e.upgrade;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.outage.BrokerProcess;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What there is of a broker. Secrets by their hashes.
 *
 * @param template of the pods, but for the hash of the scripts
 * @param scripts of the containers' first processes
 * @param start what of the configuration only Mosquitto's start takes, by pod
 * @param pods each one's life: its UID, and how often its containers were restarted
 * @param processes the Mosquitto of each pod
 * @param credentials what clients hold: the CA and each user's Secret
 */
record State(
    String template,
    String scripts,
    Map<String, String> start,
    Map<String, String> pods,
    Map<String, String> processes,
    Map<String, String> credentials) {

  private static final String CONFIGURATION = "/mosquitto/run/mosquitto.conf";
  private static final String SCRIPTS = "mqttoperator.io/scripts";

  static State of(Broker broker, List<String> users) {
    var cluster = broker.cluster();
    var set =
        cluster
            .client()
            .apps()
            .statefulSets()
            .inNamespace(cluster.namespace())
            .withName(broker.name())
            .require();
    var template = set.getSpec().getTemplate();
    var scripts = template.getMetadata().getAnnotations().remove(SCRIPTS);
    var pods = broker.pods();
    var credentials = new TreeMap<String, String>();
    credentials.put("trust bundle", hash(broker.trustBundle()));
    credentials.put("CA", hash(cluster.secret(broker.name() + "-ca")));
    users.forEach(user -> credentials.put(user, hash(cluster.secret(user + "-mqtt"))));
    return new State(
        hash(Serialization.asYaml(template)),
        String.valueOf(scripts),
        byName(pods, pod -> startDigest(broker, pod)),
        byName(pods, State::life),
        byName(pods, State::process),
        credentials);
  }

  private static Map<String, String> byName(List<Pod> pods, Function<Pod, String> value) {
    return pods.stream()
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getName(), value, (one, other) -> one, TreeMap::new));
  }

  /** The line that the operator writes for the supervisor to compare. */
  private static String startDigest(Broker broker, Pod pod) {
    var name = pod.getMetadata().getName();
    var digest =
        broker
            .cluster()
            .kubectl()
            .run("exec", name, "-c", "mosquitto", "--", "grep", "^# start ", CONFIGURATION)
            .orFail()
            .strip();
    if (digest.isEmpty()) {
      throw new AssertionError(name + " does not tell the start digest of its configuration");
    }
    return digest;
  }

  private static String life(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .map(container -> container.getName() + "=" + container.getRestartCount())
        .sorted()
        .collect(Collectors.joining(" ", pod.getMetadata().getUid() + " ", ""));
  }

  private static String process(Pod pod) {
    return BrokerProcess.of(pod.getMetadata().getUid())
        .map(Record::toString)
        .orElseThrow(
            () ->
                new AssertionError(
                    "there is no Mosquitto of pod %s on this machine: its node is another"
                        .formatted(pod.getMetadata().getName())));
  }

  private static String hash(Map<String, byte[]> secret) {
    var text = new StringBuilder();
    new TreeMap<>(secret)
        .forEach(
            (key, value) ->
                text.append(key).append(' ').append(HexFormat.of().formatHex(value)).append('\n'));
    return hash(text.toString());
  }

  private static String hash(String text) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
