package io.mqttoperator.operator.app;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Kinds;
import java.security.SecureRandom;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's program. Without arguments it runs the operator until it is told to stop; {@code
 * release-finalizers} removes the operator's finalizers and ends.
 */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] arguments) {
    try {
      run(arguments);
    } catch (IllegalArgumentException wrong) {
      LOG.error("mqtt-operator cannot start: {}", wrong.getMessage());
      System.exit(2);
    } catch (Exception failed) {
      LOG.error("mqtt-operator failed", failed);
      System.exit(1);
    }
  }

  private static void run(String[] arguments) throws Exception {
    var settings = Settings.of(System.getenv());
    var command = arguments.length == 0 ? "run" : arguments[0];
    switch (command) {
      case "run" -> {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (var client = client(new RequestMetrics(registry));
            var operator =
                new Operator(settings, client, registry, Clock.systemUTC(), new SecureRandom())) {
          operator.runUntilStopped();
        }
      }
      case "release-finalizers" -> {
        try (var client = client(new Interceptor() {})) {
          var release = new FinalizerRelease(client);
          var deployment = System.getenv("OPERATOR_DEPLOYMENT");
          if (deployment != null && !deployment.isBlank()) {
            release.stopOperator(settings.operatorNamespace(), deployment);
          }
          var released = release.run(settings.watchNamespaces());
          LOG.info("released {} users and ACLs", released);
        }
      }
      default ->
          throw new IllegalArgumentException(
              "unknown command \"" + command + "\": use none, or release-finalizers");
    }
  }

  /** The user agent is what the API server records as the manager of what we create. */
  private static KubernetesClient client(Interceptor requests) {
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(Kinds.serialization())
        .withConfig(new ConfigBuilder().withUserAgent(Applier.FIELD_MANAGER).build())
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor(RequestMetrics.NAME, requests))
        .build();
  }
}
