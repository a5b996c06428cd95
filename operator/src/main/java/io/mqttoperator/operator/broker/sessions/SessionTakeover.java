package io.mqttoperator.operator.broker.sessions;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.observation.PodStates;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.kube.Writes;
import io.mqttoperator.operator.mqtt.OperatorIdentity;
import io.mqttoperator.operator.mqtt.PodConnections;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.ClientProfile;
import io.mqttoperator.operator.pki.CommonName;
import io.mqttoperator.operator.pki.KeyAlgorithm;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions by name, live ones and those that wait for their client: logs in under that name,
 * with a certificate that the internal authority signs for this moment and that can hold 64
 * characters, and leaves.
 */
public final class SessionTakeover {

  private static final Logger LOG = LoggerFactory.getLogger(SessionTakeover.class);

  /** How many in one pass: each takes a connection to each pod, and other changes wait for it. */
  public static final int MOST = 200;

  /** Until those are tried again that could not be ended. */
  public static final Duration NEXT_TRY = Duration.ofMillis(500);

  private static final Duration SESSION_WAIT = Duration.ofSeconds(2);

  private final PodConnections connections;
  private final CertificateIssuer issuer;
  private final Writes writes;

  public SessionTakeover(PodConnections connections, CertificateIssuer issuer, Writes writes) {
    this.connections = connections;
    this.issuer = issuer;
    this.writes = writes;
  }

  /**
   * Ends the sessions of these users on all running pods.
   *
   * @return the users of whom none is left
   */
  public Set<String> end(
      Collection<String> usernames, List<Pod> pods, BrokerNames names, BrokerSecrets secrets)
      throws InterruptedException {
    Set<String> ended = ConcurrentHashMap.newKeySet();
    writes.forEach(
        usernames, username -> end(username, pods, names, secrets) && ended.add(username));
    return Set.copyOf(ended);
  }

  /** The same for one user; answers whether none is left. */
  public boolean end(String username, List<Pod> pods, BrokerNames names, BrokerSecrets secrets) {
    if (username.length() > CommonName.MAX_LENGTH) {
      return false;
    }
    var certificate =
        issuer.issueClient(
            secrets.internal().authority(),
            new ClientProfile(username, KeyAlgorithm.ECDSA_P256, Duration.ofMinutes(10)));
    var identity =
        new OperatorIdentity(
            username,
            certificate.chain(),
            certificate.key(),
            secrets.internal().authority().chain());
    var isOver = true;
    for (var pod : pods.stream().filter(PodStates::isRunning).toList()) {
      try {
        connections
            .clearSession(PodStates.endpoint(pod, names), identity, SESSION_WAIT)
            .get(SESSION_WAIT.toMillis() * 2, TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException failed) {
        isOver = false;
        LOG.warn(
            "pod {}: the session of user {} could not be ended: {}",
            pod.getMetadata().getName(),
            username,
            failed.toString());
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return isOver;
  }
}
