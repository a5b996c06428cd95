package io.mqttoperator.operator.testing;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Labels;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One real kube-apiserver, with our CRDs, for all test classes that register this. There is no
 * controller manager and no kubelet: nothing collects garbage and no pod starts. Trial pods of
 * images are answered for, as a kubelet would with Mosquitto 2.1.2.
 *
 * <p>After each class, nothing secret may stand in a log, an event or a status.
 */
public final class KubernetesApi implements BeforeAllCallback, AfterAllCallback {

  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  private Server server = Server.NOT_STARTED;

  @Override
  public void beforeAll(ExtensionContext context) {
    server =
        context
            .getRoot()
            .getStore(Namespace.create(KubernetesApi.class))
            .getOrComputeIfAbsent(Server.class, key -> Server.start(), Server.class);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    server.leaks().assertNone(client());
  }

  /** A client of an administrator. */
  public KubernetesClient client() {
    return Objects.requireNonNull(server.client(), "register KubernetesApi with the class");
  }

  /** What the operator logged, and the secrets that were seen. */
  public SecretLeaks leaks() {
    return server.leaks();
  }

  /** A client of the operator's, which does something else before each write. */
  public KubernetesClient clientWith(Runnable beforeWrite) {
    var config =
        new ConfigBuilder(client().getConfiguration()).withUserAgent(Applier.FIELD_MANAGER).build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientBuilderConsumer(
            http ->
                http.addOrReplaceInterceptor(
                    "before-write",
                    new Interceptor() {
                      @Override
                      public void before(
                          BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        if (!"GET".equals(request.method())) {
                          beforeWrite.run();
                        }
                      }
                    }))
        .build();
  }

  /** What the events of a reason say, in no order. */
  public List<String> notes(String namespace, String reason) {
    return client().events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> reason.equals(event.getReason()))
        .map(Event::getNote)
        .toList();
  }

  /** A new namespace. */
  public String namespace() {
    var name = "test-" + NAMESPACES.incrementAndGet();
    client()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    return name;
  }

  /** An operator for one namespace, with all caches filled. */
  public RunningOperator operator(String namespace) {
    return operator(namespace, Clock.systemUTC());
  }

  /** An operator for several namespaces. */
  public RunningOperator operatorOf(String... namespaces) {
    return new RunningOperator(client().getConfiguration(), Set.of(namespaces), Clock.systemUTC());
  }

  public RunningOperator operator(String namespace, Clock clock) {
    return new RunningOperator(client().getConfiguration(), Set.of(namespace), clock);
  }

  /** A pod of a broker that has its StatefulSet, serving. */
  public ServingPod servingPod(String namespace, String broker, int ordinal) {
    return ServingPod.start(client(), namespace, broker, ordinal);
  }

  /** As {@code kubectl apply --server-side} does. */
  public void apply(String namespace, String yaml) {
    client()
        .load(
            new java.io.ByteArrayInputStream(
                yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .items()
        .forEach(item -> apply(namespace, item));
  }

  private void apply(String namespace, HasMetadata item) {
    client()
        .resource(item)
        .inNamespace(namespace)
        .fieldManager("kubectl")
        .forceConflicts()
        .serverSideApply();
  }

  /** The server, and those who watch it. */
  private record Server(KubeAPIServer process, KubernetesClient client, SecretLeaks leaks)
      implements AutoCloseable {

    @SuppressWarnings("NullAway") // replaced before the first test
    static final Server NOT_STARTED = new Server(null, null, null);

    static Server start() {
      var process = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig().build());
      process.start();
      var config =
          new ConfigBuilder(
                  AdministratorToken.replaceCertificate(
                      Config.fromKubeconfig(process.getKubeConfigYaml())))
              .withUserAgent("tests")
              .build();
      var client = new KubernetesClientBuilder().withConfig(config).build();
      for (var kind : new String[] {"mqttbrokers", "mqttusers", "mqttacls"}) {
        var crd =
            client
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .load(
                    Objects.requireNonNull(
                        MqttBroker.class.getResource("/crds/" + kind + ".mqttoperator.io.yaml")))
                .item();
        client.resource(crd).create();
        client.resource(crd).waitUntilCondition(Server::isEstablished, 30, TimeUnit.SECONDS);
      }
      // Established comes a little before the first list is answered.
      for (var kind : List.of(MqttBroker.class, MqttUser.class, MqttAcl.class)) {
        await()
            .ignoreExceptions()
            .until(() -> client.resources(kind).inAnyNamespace().list().getItems().isEmpty());
      }
      client
          .pods()
          .inAnyNamespace()
          .withLabel(Labels.COMPONENT, "image-trial")
          .inform(new TrialKubelet(client));
      return new Server(process, client, SecretLeaks.watch(client));
    }

    private static boolean isEstablished(CustomResourceDefinition crd) {
      return crd != null
          && crd.getStatus() != null
          && crd.getStatus().getConditions() != null
          && crd.getStatus().getConditions().stream()
              .anyMatch(
                  condition ->
                      "Established".equals(condition.getType())
                          && "True".equals(condition.getStatus()));
    }

    @Override
    public void close() {
      client.close();
      process.stop();
    }
  }

  /** Lets trial pods end as they do with the right image. */
  private record TrialKubelet(KubernetesClient client) implements ResourceEventHandler<Pod> {

    @Override
    public void onAdd(Pod pod) {
      var ended =
          new ContainerStatusBuilder()
              .withName("mosquitto")
              .withReady(false)
              .withRestartCount(0)
              .withImage("")
              .withImageID("")
              .withState(
                  new ContainerStateBuilder()
                      .withNewTerminated()
                      .withExitCode(0)
                      .withReason("Completed")
                      .withMessage("mosquitto version 2.1.2")
                      .endTerminated()
                      .build())
              .build();
      try {
        client
            .resource(pod)
            .editStatus(
                seen ->
                    new io.fabric8.kubernetes.api.model.PodBuilder(seen)
                        .editOrNewStatus()
                        .withPhase("Succeeded")
                        .withContainerStatuses(ended)
                        .endStatus()
                        .build());
      } catch (KubernetesClientException gone) {
        // Its test has ended.
      }
    }

    @Override
    public void onUpdate(Pod before, Pod after) {}

    @Override
    public void onDelete(Pod pod, boolean unseen) {}
  }
}
