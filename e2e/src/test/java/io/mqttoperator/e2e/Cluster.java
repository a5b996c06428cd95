package io.mqttoperator.e2e;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The cluster under test, seen from one namespace of it. */
public final class Cluster implements AutoCloseable {

  public static final String OPERATOR_NAMESPACE = "mqtt-operator";

  /** Generous: a volume, a pod and a first revision on a machine that does much else. */
  public static final Duration START_LIMIT = Duration.ofMinutes(2);

  /** Generous for what takes a second: an apply that is seen to be enforced. */
  public static final Duration APPLY_LIMIT = Duration.ofSeconds(30);

  private static final String FIELD_MANAGER = "e2e";
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(FIELD_MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final Path kubeconfig;
  private final String namespace;

  private Cluster(KubernetesClient client, Path kubeconfig, String namespace) {
    this.client = client;
    this.kubeconfig = kubeconfig;
    this.namespace = namespace;
  }

  /** One with a namespace that is made now, in which only restricted pods may run. */
  public static Cluster withNewNamespace(String name) {
    var kubeconfig = Path.of(System.getProperty("e2e.kubeconfig", ""));
    var client = new KubernetesClientBuilder().withConfig(Kubeconfig.read(kubeconfig)).build();
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                .endMetadata()
                .build())
        .create();
    return new Cluster(client, kubeconfig, name);
  }

  public Path kubeconfig() {
    return kubeconfig;
  }

  public String namespace() {
    return namespace;
  }

  public KubernetesClient client() {
    return client;
  }

  public Kubectl kubectl() {
    return new Kubectl(kubeconfig, namespace);
  }

  /** A {@code Broker} of this namespace, whether it is there yet or not. */
  public Broker broker(String name) {
    return new Broker(this, name);
  }

  /**
   * Applies every document of {@code yaml} to this namespace, server-side.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException as the API server refuses one
   */
  public void apply(String yaml) {
    var documents =
        client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).items();
    for (var document : documents) {
      client.resource(document).inNamespace(namespace).patch(APPLY);
    }
  }

  /** Applies, and waits until everything of {@code mqttoperator.io} in it is Ready. */
  public void applyAndAwait(String yaml) {
    apply(yaml);
    var command =
        new ArrayList<>(
            List.of("wait", "--for=condition=Ready", "--timeout=" + START_LIMIT.toSeconds() + "s"));
    client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).items().stream()
        .filter(item -> item.getApiVersion().startsWith("mqttoperator.io/"))
        .map(item -> plural(item.getKind()) + "/" + item.getMetadata().getName())
        .forEach(command::add);
    kubectl().run(command.toArray(String[]::new)).orFail();
  }

  /** Waits as a script does: {@code kubectl wait --for=condition=Ready}. */
  public void awaitReady(String kind, String name, Duration limit) {
    kubectl()
        .run(
            "wait",
            "--for=condition=Ready",
            kind + "/" + name,
            "--timeout=" + limit.toSeconds() + "s")
        .orFail();
  }

  /** Deletes as users do: it returns when the object is gone. */
  public void delete(String kind, String name) {
    kubectl().run("delete", kind + "/" + name).orFail();
  }

  /** Deletes without waiting: what has a finalizer is there until that is released. */
  public void deleteLater(String kind, String name) {
    client.genericKubernetesResources(context(kind)).inNamespace(namespace).withName(name).delete();
  }

  public boolean isGone(String kind, String name) {
    return client
            .genericKubernetesResources(context(kind))
            .inNamespace(namespace)
            .withName(name)
            .get()
        == null;
  }

  /** One custom resource, by its kind, plural or short name. */
  public GenericKubernetesResource get(String kind, String name) {
    var found =
        client
            .genericKubernetesResources(context(kind))
            .inNamespace(namespace)
            .withName(name)
            .get();
    if (found == null) {
      throw new AssertionError("there is no " + kind + "/" + name);
    }
    return found;
  }

  /** The condition as it stands now, if the object has one of this type. */
  public Optional<Condition> condition(String kind, String name, String type) {
    return Condition.of(get(kind, name), type);
  }

  /** Waits until the condition is as given, and returns it; a failure tells the last one seen. */
  Condition awaitCondition(String kind, String name, String type, String status, String reason) {
    return Awaitility.await(kind + "/" + name + " " + type + "=" + status + " " + reason)
        .atMost(START_LIMIT.toSeconds(), TimeUnit.SECONDS)
        .pollInterval(100, TimeUnit.MILLISECONDS)
        .until(
            () -> condition(kind, name, type),
            found ->
                found
                    .filter(seen -> seen.status().equals(status) && seen.reason().equals(reason))
                    .isPresent())
        .orElseThrow();
  }

  /** The decoded values of a Secret, which must be there. */
  public Map<String, byte[]> secret(String name) {
    var secret = client.secrets().inNamespace(namespace).withName(name).get();
    if (secret == null) {
      throw new AssertionError("there is no Secret " + name);
    }
    return decoded(secret);
  }

  private static Map<String, byte[]> decoded(Secret secret) {
    var data = secret.getData() == null ? Map.<String, String>of() : secret.getData();
    var values = new java.util.TreeMap<String, byte[]>();
    data.forEach((key, value) -> values.put(key, java.util.Base64.getDecoder().decode(value)));
    return values;
  }

  /** Every pod of every broker in the namespace. */
  List<Pod> brokerPods() {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel("app.kubernetes.io/name", "mosquitto")
        .list()
        .getItems();
  }

  public void deleteNamespace() {
    client.namespaces().withName(namespace).delete();
    Awaitility.await("namespace " + namespace + " is gone")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> client.namespaces().withName(namespace).get() == null);
  }

  /** By kind, short name or plural. */
  private static String plural(String kind) {
    return switch (kind.toLowerCase(Locale.ROOT)) {
      case "mqttbroker", "mqttbrokers", "mqb" -> "mqttbrokers";
      case "mqttuser", "mqttusers", "mqu" -> "mqttusers";
      case "mqttacl", "mqttacls", "mqa" -> "mqttacls";
      default -> throw new IllegalArgumentException("not a kind of mqttoperator.io: " + kind);
    };
  }

  private static ResourceDefinitionContext context(String kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup("mqttoperator.io")
        .withVersion("v1alpha1")
        .withPlural(plural(kind))
        .withNamespaced(true)
        .build();
  }

  @Override
  public void close() {
    client.close();
  }
}
