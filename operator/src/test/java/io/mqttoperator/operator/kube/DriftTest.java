package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {

  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private static final String STATEFUL_SET =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata:
        namespace: plant
        name: fleet
        labels: {app.kubernetes.io/instance: fleet}
        annotations: {mqttoperator.io/derived-resources: "true"}
        ownerReferences:
        - {apiVersion: mqttoperator.io/v1alpha1, kind: MqttBroker, name: fleet, uid: u1, controller: true}
      spec:
        replicas: 1
        serviceName: fleet-pods
        selector: {matchLabels: {app.kubernetes.io/instance: fleet}}
        template:
          metadata:
            labels: {app.kubernetes.io/instance: fleet}
            annotations: {mqttoperator.io/restart-settings: "0a1b"}
          spec:
            automountServiceAccountToken: false
            tolerations: [{key: line, operator: Exists}, {key: site, operator: Exists}]
            containers:
            - name: mosquitto
              image: mosquitto:2.1.2
              command: [/bin/sh, /mosquitto/supervisor/supervisor.sh]
              ports: [{containerPort: 8883, protocol: TCP}, {containerPort: 8884, protocol: TCP}]
              resources: {requests: {cpu: 50m, memory: 1024Mi}, limits: {memory: 2048Mi}}
              volumeMounts: [{name: source, mountPath: /a, readOnly: true}, {name: run, mountPath: /b}]
            volumes:
            - {name: source, projected: {defaultMode: 288, sources: [{secret: {name: a}}, {secret: {name: b, optional: true}}]}}
            - {name: run, emptyDir: {medium: Memory}}
      """;

  private static final String NETWORK_POLICY =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {namespace: plant, name: fleet}
      spec:
        podSelector: {matchLabels: {app.kubernetes.io/instance: fleet}}
        policyTypes: [Ingress, Egress]
        egress: []
        ingress:
        - ports: [{port: 8883, protocol: TCP}]
        - from: [{podSelector: {matchLabels: {app.kubernetes.io/name: mqtt-operator}}}]
          ports: [{port: 8884, protocol: TCP}]
      """;

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {namespace: plant, name: fleet}
      spec:
        type: ClusterIP
        ports: [{name: mqtts, port: 8883, protocol: TCP, targetPort: 8883}]
      """;

  private static final String SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata: {namespace: plant, name: fleet-files, labels: {a: b}}
      type: Opaque
      data: {one: MQ==, two: Mg==}
      """;

  @Property(tries = 10)
  void whatTheApiServerAddsIsNoDrift(@ForAll("objects") String object) {
    var desired = stamped(object);
    assertThat(Drift.between(desired, served(desired, tree -> {}))).isFalse();
  }

  @Property(tries = 400)
  void eachFieldOfOursThatSomebodyChangesIsSeen(
      @ForAll("objects") String object, @ForAll int which, @ForAll boolean isRemoved) {
    var desired = stamped(object);
    var leaves = leaves(tree(desired), JsonPointer.empty());
    var leaf = leaves.get(Math.floorMod(which, leaves.size()));
    var actual = served(desired, tree -> change(tree, leaf, isRemoved));
    assertThat(Drift.between(desired, actual)).as(leaf.toString()).isTrue();
  }

  @Test
  void quantitiesAndPortsAreComparedByWhatTheyMean() {
    var desired = stamped(STATEFUL_SET);
    var limit = "/spec/template/spec/containers/0/resources/limits/memory";
    assertThat(Drift.between(desired, served(desired, tree -> set(tree, limit, "2Gi")))).isFalse();
    assertThat(Drift.between(desired, served(desired, tree -> set(tree, limit, "2G")))).isTrue();
    var service = stamped(SERVICE);
    var target = "/spec/ports/0/targetPort";
    assertThat(Drift.between(service, served(service, tree -> set(tree, target, "8883"))))
        .isFalse();
  }

  @Test
  void anEmptyTextThatTheApiServerLeavesOutIsNoDrift() {
    var desired = stamped(STATEFUL_SET.replace("operator: Exists}]", "value: \"\"}]"));
    var value = "/spec/template/spec/tolerations/1/value";
    assertThat(tree(desired).at(value).isTextual()).isTrue();
    var left = served(desired, tree -> change(tree, JsonPointer.compile(value), true));
    assertThat(Drift.between(desired, left)).isFalse();
    assertThat(Drift.between(desired, served(desired, tree -> set(tree, value, "x")))).isTrue();
  }

  /** Ports and containers are merged by their names: another's do not disturb ours. */
  @Test
  void whatOthersAddToAMergedListIsTheirs() {
    var desired = stamped(SERVICE);
    var more =
        served(
            desired,
            tree -> ((ArrayNode) tree.at("/spec/ports")).insertObject(0).put("name", "other"));
    assertThat(Drift.between(desired, more)).isFalse();
  }

  /** These lists are one whole: who adds to one opens what we closed. */
  @Test
  void whatOthersAddToAListWithoutKeysIsDrift() {
    var desired = stamped(NETWORK_POLICY);
    for (var list : List.of("/spec/ingress", "/spec/ingress/0/ports", "/spec/ingress/1/from")) {
      var more = served(desired, tree -> ((ArrayNode) tree.at(list)).addObject().put("port", 8884));
      assertThat(Drift.between(desired, more)).as(list).isTrue();
    }
  }

  /** An empty selector selects all, and a rule without peers lets in anybody. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /spec/podSelector/matchLabels                | {}
          /spec/podSelector                            | {"matchLabels":{"app.kubernetes.io/instance":"fleet","more":"x"}}
          /spec/ingress/1/from/0/podSelector           | {}
          /spec/ingress/1/from/0/namespaceSelector     | {}
          /spec/ingress/1/from                         | []
          /spec/ingress/1/ports                        | []
          /spec/ingress/0/from                         | [{"podSelector":{}}]
          /spec/ingress/0/ports/0/endPort              | 9000
          /spec/ingress/0/ports/0/port                 | "8883"
          /spec/egress                                 | [{}]
          /spec/policyTypes                            | ["Ingress"]
          """)
  void whateverElseANetworkPolicySaysIsDrift(String path, String value) {
    var desired = policy();
    var edited =
        served(
            desired,
            tree -> {
              var pointer = JsonPointer.compile(path);
              ((ObjectNode) tree.at(pointer.head()))
                  .set(pointer.last().getMatchingProperty(), JSON.unmarshal(value, JsonNode.class));
            });
    assertThat(Drift.between(desired, edited)).isTrue();
  }

  @Test
  void aListOfANetworkPolicyThatTheApiServerLeavesOutIsNoDrift() {
    var desired = policy();
    assertThat(tree(desired).at("/spec/egress").isArray()).as("said").isTrue();
    var left = served(desired, tree -> ((ObjectNode) tree.at("/spec")).remove("egress"));
    assertThat(Drift.between(desired, left)).isFalse();
  }

  /** fabric8 leaves out a list that is empty, unless it does not know it. */
  private static NetworkPolicy policy() {
    var policy = JSON.unmarshal(NETWORK_POLICY, NetworkPolicy.class);
    policy.getSpec().setAdditionalProperty("egress", List.of());
    Drift.stamp(policy);
    return policy;
  }

  /** What we dropped since is no longer in desired: only the digest of the last apply tells. */
  @Test
  void aFieldThatWeNoLongerWantIsSeen() {
    var before = stamped(STATEFUL_SET);
    var desired = stamped(STATEFUL_SET.replace("automountServiceAccountToken: false", ""));
    var actual = served(before, tree -> {});
    assertThat(Drift.between(before, actual)).isFalse();
    assertThat(Drift.isRestamped(desired, actual)).isTrue();
    assertThat(Drift.between(desired, actual)).isTrue();
  }

  /** The API server adds the second on a cluster that has both. */
  @Test
  void theSecondFamilyOfAServiceIsTheClusters() {
    var service =
        """
        kind: Service
        apiVersion: v1
        metadata: {name: fleet}
        spec: {ipFamilyPolicy: PreferDualStack, ipFamilies: [%s]}
        """;
    var both = JSON.unmarshal(service.formatted("IPv6, IPv4"), Service.class);
    for (var same : List.of("IPv6", "IPv6, IPv4")) {
      var desired = stamped(service.formatted(same), Service.class);
      both.getMetadata().setAnnotations(desired.getMetadata().getAnnotations());
      assertThat(Drift.between(desired, both)).as(same).isFalse();
    }
    for (var other : List.of("IPv4", "IPv4, IPv6")) {
      var desired = stamped(service.formatted(other), Service.class);
      both.getMetadata().setAnnotations(desired.getMetadata().getAnnotations());
      assertThat(Drift.between(desired, both)).as(other).isTrue();
    }
  }

  @Test
  void theDataOfASecretIsComparedWhole() {
    var desired = stamped(SECRET, Secret.class);
    for (var data :
        List.of(
            Map.of("one", "MQ=="),
            Map.of("one", "MQ==", "two", "Mw=="),
            Map.of("one", "MQ==", "two", "Mg==", "three", "Mw=="))) {
      var actual = stamped(SECRET, Secret.class);
      actual.setData(data);
      assertThat(Drift.between(desired, actual)).as(data.toString()).isTrue();
    }
    assertThat(Drift.between(desired, stamped(SECRET, Secret.class))).isFalse();
  }

  /** Annotations are read by more people than Secrets are. */
  @Test
  void theDigestSaysNothingOfData() {
    var one = stamped(SECRET, Secret.class);
    var other = stamped(SECRET.replace("MQ==", "Mw=="), Secret.class);
    assertThat(Drift.isRestamped(one, other)).isFalse();
    assertThat(Drift.between(one, other)).isTrue();
  }

  @Test
  void theDataOfAConfigMapIsComparedWhole() {
    var map = SECRET.replace("Secret", "ConfigMap").replace("type: Opaque\n", "");
    var desired = stamped(map, ConfigMap.class);
    var actual = stamped(map, ConfigMap.class);
    assertThat(Drift.between(desired, actual)).isFalse();
    actual.setData(Map.of("one", "MQ==", "two", "Mg==", "three", ""));
    assertThat(Drift.between(desired, actual)).isTrue();
  }

  @Test
  void theSameObjectAlwaysHasTheSameDigest() {
    var one = stamped(STATEFUL_SET);
    var two = stamped(STATEFUL_SET);
    assertThat(Drift.annotations(one))
        .isEqualTo(Drift.annotations(two))
        .containsKey(Labels.APPLIED);
  }

  @Provide
  Arbitrary<String> objects() {
    return Arbitraries.of(STATEFUL_SET, NETWORK_POLICY, SERVICE);
  }

  private static HasMetadata stamped(String yaml) {
    var kind =
        yaml.contains("kind: StatefulSet")
            ? StatefulSet.class
            : yaml.contains("kind: Service") ? Service.class : NetworkPolicy.class;
    return stamped(yaml, kind);
  }

  private static <T extends HasMetadata> T stamped(String yaml, Class<T> kind) {
    var object = JSON.unmarshal(yaml, kind);
    Drift.stamp(object);
    return object;
  }

  /** As the API server gives it back: with more in each object, and quantities in its own form. */
  private static HasMetadata served(HasMetadata desired, Consumer<ObjectNode> change) {
    var tree = tree(desired);
    change.accept(tree);
    // To a NetworkPolicy's spec it adds nothing.
    addDefaults(desired instanceof NetworkPolicy ? tree.get("metadata") : tree);
    tree.withObject("/status").put("replicas", 1);
    var text = JSON.asJson(tree).replace("\"1024Mi\"", "\"1Gi\"");
    return JSON.unmarshal(text, desired.getClass());
  }

  private static ObjectNode tree(HasMetadata object) {
    return JSON.convertValue(object, ObjectNode.class);
  }

  private static void addDefaults(JsonNode node) {
    node.forEach(DriftTest::addDefaults);
    if (node instanceof ObjectNode object) {
      object.put("default", "1");
    }
  }

  private static void set(ObjectNode tree, String path, String value) {
    var pointer = JsonPointer.compile(path);
    ((ObjectNode) tree.at(pointer.head())).put(pointer.last().getMatchingProperty(), value);
  }

  private static void change(ObjectNode tree, JsonPointer leaf, boolean isRemoved) {
    var parent = tree.at(leaf.head());
    var value = tree.at(leaf);
    if (parent instanceof ArrayNode list) {
      if (isRemoved) {
        list.remove(leaf.last().getMatchingIndex());
      } else {
        list.set(leaf.last().getMatchingIndex(), changed(value));
      }
    } else if (isRemoved) {
      ((ObjectNode) parent).remove(leaf.last().getMatchingProperty());
    } else {
      ((ObjectNode) parent).set(leaf.last().getMatchingProperty(), changed(value));
    }
  }

  private static JsonNode changed(JsonNode value) {
    if (value.isBoolean()) {
      return BooleanNode.valueOf(!value.asBoolean());
    }
    if (value.isNumber()) {
      return IntNode.valueOf(value.asInt() + 1);
    }
    return TextNode.valueOf(value.asText().matches("[0-9]+(m|Mi)") ? "7" : value.asText() + "x");
  }

  /** All values, but for those that name the object itself. */
  private static List<JsonPointer> leaves(JsonNode node, JsonPointer path) {
    var leaves = new ArrayList<JsonPointer>();
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        leaves.addAll(leaves(node.get(i), path.appendIndex(i)));
      }
    } else if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  leaves.addAll(leaves(field.getValue(), path.appendProperty(field.getKey()))));
    } else if (!List.of("/apiVersion", "/kind").contains(path.toString())) {
      leaves.add(path);
    }
    return leaves;
  }
}
