package io.mqttoperator.e2e.alerts;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.e2e.Cluster;
import io.mqttoperator.e2e.ForeignAuthority;
import io.mqttoperator.e2e.MosquittoInPod;
import io.mqttoperator.e2e.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Makes faults; what clients they take goes at the end. */
final class Injections implements AutoCloseable {

  private static final int CLIENTS = 9;
  private static final int MESSAGES_EACH_SECOND = 5;

  private final Cluster cluster;
  private final List<Session> sessions = new ArrayList<>();
  private final ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();

  Injections(Cluster cluster) {
    this.cluster = cluster;
  }

  void inject(Fault fault) {
    switch (fault) {
      case NONE -> {}
      case NO_NODE -> cluster.apply(fault.broker("nodeSelector: {no-such: label}"));
      case NEVER_STARTED -> cluster.apply(fault.manifest());
      case REFUSED ->
          cluster.apply(
              fault.broker(
                  "listeners: [{name: mqtts, port: 8883, tls: {secretRef: {name: nowhere}}}]"));
      case FROZEN -> {
        signal("STOP", fault.broker() + "-0", "mosquitto");
        cluster.deleteLater("mqu", fault.other());
      }
      case USER_REFUSED ->
          cluster.apply(fault.user(fault.other(), "password: {secretRef: {name: nowhere}}"));
      case BRIDGE_FROZEN -> signal("STOP", fault.broker() + "-1", "bridge");
      case FULL -> {
        for (int i = 0; i < CLIENTS; i++) {
          sessions.add(cluster.broker(fault.broker()).client(fault.device()).connect());
        }
      }
      case QUEUE_FULL -> fillQueue(fault);
      case NOT_RENEWED, CLIENTS_OVERDUE ->
          cluster
              .kubectl()
              .run(
                  "patch",
                  "mqb",
                  fault.broker(),
                  "--type=merge",
                  "-p",
                  "{\"spec\":{\"paused\":true}}")
              .orFail();
      case ENDS_SOON -> bringCertificate(fault);
      case PASSES_FAIL -> {
        cluster.apply(webhook(fault));
        cluster.apply(fault.user("one-more", ""));
      }
    }
  }

  /** Nothing listens at its address, which is that of the API server itself. */
  private String webhook(Fault fault) {
    return """
           apiVersion: admissionregistration.k8s.io/v1
           kind: ValidatingWebhookConfiguration
           metadata: {name: %1$s, labels: {mqttoperator.io/e2e: alerts}}
           webhooks:
             - name: nowhere.mqttoperator.io
               admissionReviewVersions: [v1]
               sideEffects: None
               failurePolicy: Fail
               timeoutSeconds: 1
               clientConfig: {url: "https://127.0.0.1:9/"}
               namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
               objectSelector: {matchLabels: {app.kubernetes.io/instance: %2$s}}
               rules:
                 - {apiGroups: [""], apiVersions: [v1], resources: [secrets], operations: [CREATE, UPDATE]}
           """
        .formatted(cluster.namespace(), fault.broker());
  }

  /** Secrets can be written again. */
  void removeWebhook() {
    cluster
        .kubectl()
        .run(
            "delete", "validatingwebhookconfiguration/" + cluster.namespace(), "--ignore-not-found")
        .orFail();
  }

  /** The pod of a broker that was frozen answers again. */
  void thaw(Fault fault) {
    signal("CONT", fault.broker() + "-0", "mosquitto");
  }

  private void signal(String signal, String pod, String container) {
    cluster
        .kubectl()
        .run("exec", pod, "-c", container, "--", "sh", "-c", MosquittoInPod.signal(signal))
        .orFail();
  }

  private void fillQueue(Fault fault) {
    var broker = cluster.broker(fault.broker());
    try (var reader = broker.client(fault.other()).keepingSession().connect()) {
      reader.subscribe("news");
    }
    var writer = broker.client(fault.device()).connect();
    sessions.add(writer);
    var unused =
        publisher.scheduleAtFixedRate(
            () -> writer.publish("news", "x"),
            0,
            1000 / MESSAGES_EACH_SECOND,
            TimeUnit.MILLISECONDS);
  }

  private void bringCertificate(Fault fault) {
    try (var authority = new ForeignAuthority()) {
      var secret =
          new SecretBuilder()
              .withNewMetadata()
              .withNamespace(cluster.namespace())
              .withName("brought")
              .addToLabels("mqttoperator.io/credentials", "true")
              .endMetadata()
              .withType("kubernetes.io/tls")
              .withStringData(authority.server(cluster.broker(fault.broker()).host()))
              .build();
      cluster.client().resource(secret).create();
    }
    cluster.applyAndAwait(fault.broker("certificates: {server: {secretRef: {name: brought}}}"));
  }

  @Override
  public void close() {
    removeWebhook();
    publisher.shutdownNow();
    sessions.forEach(Session::close);
  }
}
