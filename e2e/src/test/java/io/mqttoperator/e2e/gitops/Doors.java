package io.mqttoperator.e2e.gitops;

import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Client;
import io.mqttoperator.e2e.Login;
import io.mqttoperator.e2e.Refused;
import io.mqttoperator.e2e.Session;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.TrustManagerFactory;

/** What clients meet at each pod of a broker, past its Service. */
record Doors(Broker broker) {

  /** What a pod answers to a client that logs in and publishes. */
  enum Answer {
    TAKEN,
    NOT_ALLOWED,
    NOT_LET_IN
  }

  private static final int NOT_AUTHORIZED = 0x87;

  Map<String, Answer> publish(String user, String topic) {
    return publish(broker.login(user), broker.trust(), topic);
  }

  /** One pod after the other: a user has one session. */
  Map<String, Answer> publish(Login login, TrustManagerFactory trust, String topic) {
    var answers = new TreeMap<String, Answer>();
    for (var pod : broker.pods()) {
      answers.put(pod.getMetadata().getName(), publish(client(pod, trust).login(login), topic));
    }
    return answers;
  }

  private Client client(Pod pod, TrustManagerFactory trust) {
    return Client.at(broker.address(pod.getStatus().getPodIP(), Broker.DEFAULT_PORT), trust);
  }

  private static Answer publish(Client client, String topic) {
    try (var session = client.connect()) {
      return session.publish(topic, "x") == NOT_AUTHORIZED ? Answer.NOT_ALLOWED : Answer.TAKEN;
    } catch (Refused refused) {
      if (refused.isNotAuthorized()) {
        return Answer.NOT_LET_IN;
      }
      throw refused;
    }
  }

  /** A session at the first pod. */
  Session connect(String user) {
    return client(broker.pods().getFirst(), broker.trust()).login(broker.login(user)).connect();
  }
}
