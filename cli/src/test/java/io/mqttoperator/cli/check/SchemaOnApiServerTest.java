package io.mqttoperator.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mqttoperator.cli.source.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code check} says of a manifest by itself is what a real kube-apiserver says of it. */
class SchemaOnApiServerTest {

  private static final int VARIANTS = Integer.getInteger("check.variants", 600);

  private static final Path DEFINITIONS = Path.of("../crds/src/main/resources/crds");
  private static final Path MANIFESTS = Path.of("../crds/src/test/resources/manifests");

  private static final KubeAPIServer SERVER =
      new KubeAPIServer(
          KubeAPIServerConfigBuilder.anAPIServerConfig().withUpdateKubeConfig(false).build());

  /** What one rule or another is about, and what is a little beside it. */
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "A",
          "a-b",
          "-a",
          "a.b",
          "a/b",
          "a/#",
          "#",
          "+",
          "a+",
          "$SYS/x",
          "$x",
          "{username}",
          "x{username}",
          "{y}",
          " a",
          "\u0001",
          "é",
          "1.2.3.4",
          "01.2.3.4",
          "1.2.3.4/24",
          "1.2.3.0/24",
          "1.2.3.0/024",
          "::1",
          "::ffff:1.2.3.4",
          "fe80::1%eth0",
          "12345::",
          "::/0",
          "::1/0",
          "1::2::3",
          "0.0.0.0/0",
          "256.1.1.1",
          "1s",
          "0s",
          "24h",
          "24h1s",
          "87600h",
          "87601h",
          "1h30m",
          "30m1h",
          "1d",
          "1.5h",
          "1Gi",
          "0",
          "0Gi",
          "-1Gi",
          "4Mi",
          "4194303",
          "1Ti",
          "1025Gi",
          "1e3",
          "1E",
          "100m",
          ".5Gi",
          "1.2.3Gi",
          "example.com/x",
          "Example.com/x",
          "/x",
          "x/",
          "x".repeat(64),
          "mqttoperator.io/x",
          "app.kubernetes.io/x",
          "*.example.com",
          "*",
          "a..b",
          "1.2.3",
          "pods",
          "Any",
          "Username",
          "Anonymous",
          "Password",
          "Publish",
          "Subscribe",
          "Deny",
          "Allow",
          "all",
          "none",
          "error",
          "V1",
          "ClusterIP",
          "NodePort",
          "LoadBalancer",
          "IPv4",
          "IPv6",
          "SingleStack",
          "PreferDualStack",
          "In",
          "Exists",
          "true",
          "1.3",
          "2160h",
          "1m",
          "59s");

  private static final int[] NUMBERS = {-1, 0, 1, 2, 3, 1023, 1024, 1883, 8884, 65_535, 65_536};

  private static final String OF_FORM = "its form";

  /** Of the rules of all definitions. */
  private static final Set<String> messages = new HashSet<>();

  private static KubernetesClient client;

  private final SchemaCheck schema = new SchemaCheck();

  @BeforeAll
  static void install() throws IOException {
    SERVER.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(SERVER.getKubeConfigYaml()))
            .build();
    try (var files = Files.list(DEFINITIONS)) {
      for (var file : files.toList()) {
        collectMessages(Serialization.unmarshal(Files.readString(file), JsonNode.class));
        var definition =
            client
                .resource(
                    Serialization.unmarshal(Files.readString(file), CustomResourceDefinition.class))
                .create();
        client
            .resource(definition)
            .waitUntilCondition(SchemaOnApiServerTest::isServed, 20, TimeUnit.SECONDS);
      }
    }
  }

  private static void collectMessages(JsonNode node) {
    node.path("x-kubernetes-validations")
        .forEach(rule -> messages.add(rule.path("message").asText()));
    node.forEach(SchemaOnApiServerTest::collectMessages);
  }

  private static boolean isServed(CustomResourceDefinition seen) {
    return Optional.ofNullable(seen.getStatus()).stream()
        .flatMap(status -> Stream.ofNullable(status.getConditions()))
        .flatMap(List::stream)
        .anyMatch(c -> c.getType().equals("Established") && c.getStatus().equals("True"));
  }

  @AfterAll
  static void stop() {
    client.close();
    SERVER.stop();
  }

  static Stream<ObjectNode> manifests() throws IOException {
    try (var files = Files.list(MANIFESTS)) {
      return files.sorted().flatMap(SchemaOnApiServerTest::read).toList().stream();
    }
  }

  private static Stream<ObjectNode> read(Path file) {
    try {
      return Stream.of(Files.readString(file).split("(?m)^---\\n"))
          .filter(document -> document.contains("kind:"))
          .map(document -> Serialization.unmarshal(document, ObjectNode.class))
          .map(SchemaOnApiServerTest::complete);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static ObjectNode complete(ObjectNode manifest) {
    manifest.put("apiVersion", "mqttoperator.io/v1alpha1");
    manifest.withObject("/metadata").put("namespace", "default").remove("annotations");
    return manifest;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("manifests")
  void theSameIsSaidOfKnownManifests(ObjectNode manifest) {
    assertThat(offline(manifest)).isEqualTo(online(manifest));
  }

  @Test
  void theSameIsSaidOfTheirVariants() throws IOException {
    var valid = manifests().filter(manifest -> online(manifest).isEmpty()).toList();
    var random = new Random(1);
    int refused = 0;
    for (int number = 0; number < VARIANTS; number++) {
      var variant = valid.get(random.nextInt(valid.size())).deepCopy();
      change(variant, random);
      var online = online(variant);
      refused += online.isEmpty() ? 0 : 1;
      assertThat(offline(variant)).as("variant %d: %s", number, variant).isEqualTo(online);
    }
    assertThat(refused).as("of %d", VARIANTS).isBetween(VARIANTS / 5, VARIANTS * 9 / 10);
  }

  /** Another value of one leaf, or none. */
  private static void change(ObjectNode variant, Random random) {
    var leaves = new ArrayList<Runnable>();
    collect(variant.path("spec"), random, leaves);
    if (!leaves.isEmpty()) {
      leaves.get(random.nextInt(leaves.size())).run();
    }
  }

  private static void collect(JsonNode node, Random random, List<Runnable> leaves) {
    if (node instanceof ObjectNode object) {
      for (var field : List.copyOf(object.properties())) {
        leaves.add(() -> object.remove(field.getKey()));
        if (field.getValue().isValueNode()) {
          var other = other(field.getValue(), random);
          leaves.add(() -> object.set(field.getKey(), other));
          leaves.add(() -> object.set(field.getKey(), other));
        }
        collect(field.getValue(), random, leaves);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int at = i;
        leaves.add(() -> array.add(array.get(at).deepCopy()));
        if (array.get(i).isValueNode()) {
          var other = other(array.get(i), random);
          leaves.add(() -> array.set(at, other));
        }
        collect(array.get(i), random, leaves);
      }
    }
  }

  private static JsonNode other(JsonNode value, Random random) {
    return value.isInt()
        ? IntNode.valueOf(NUMBERS[random.nextInt(NUMBERS.length)])
        : value.isBoolean()
            ? BooleanNode.valueOf(!value.booleanValue())
            : TextNode.valueOf(TEXTS.get(random.nextInt(TEXTS.size())));
  }

  /**
   * What is wrong, as {@code FIELD: MESSAGE}, of rules; of what else is wrong only that it is.
   *
   * <p>The words for an error of form are each program's own.
   */
  private List<String> online(ObjectNode manifest) {
    try {
      client
          .resource(Serialization.unmarshal(manifest.toString(), GenericKubernetesResource.class))
          .dryRun(true)
          .fieldValidation(Validation.STRICT)
          .create();
      return List.of();
    } catch (KubernetesClientException refused) {
      var details = refused.getStatus().getDetails();
      var causes =
          details == null || details.getCauses() == null
              ? List.<StatusCause>of()
              : details.getCauses();
      var broken = causes.stream().map(SchemaOnApiServerTest::broken).toList();
      return broken.isEmpty() || broken.stream().anyMatch(Optional::isEmpty)
          ? List.of(OF_FORM)
          : broken.stream().flatMap(Optional::stream).distinct().sorted().toList();
    }
  }

  /** The rule that a cause is about; empty if it is about the form. */
  private static Optional<String> broken(StatusCause cause) {
    return messages.stream()
        .filter(message -> cause.getMessage().endsWith(": " + message))
        .map(message -> cause.getField() + ": " + message)
        .findFirst();
  }

  private List<String> offline(ObjectNode manifest) {
    var read = new Manifest("manifest", manifest, Map.of());
    var said =
        schema.check(read, Optional.empty()).findings().stream().map(Finding::message).toList();
    return said.stream().allMatch(SchemaOnApiServerTest::isRule)
        ? said.stream().distinct().sorted().toList()
        : List.of(OF_FORM);
  }

  private static boolean isRule(String said) {
    return messages.stream().anyMatch(message -> said.endsWith(": " + message));
  }
}
