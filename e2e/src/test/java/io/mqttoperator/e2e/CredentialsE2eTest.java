package io.mqttoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What users find in the Secret that is written for them, and that it is enough to connect. */
@OnCluster
final class CredentialsE2eTest {

  private static final String MANIFESTS =
      """
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: fleet}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttBroker
      metadata: {name: plain}
      spec:
        listeners:
        - {name: open, port: 1884, authentication: Anonymous, tls: {enabled: false}}
        - {name: mqtt, port: 1883, clientId: Any, tls: {enabled: false}, service: {port: 2883}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: drone}
      spec: {brokerRef: {name: fleet}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: named}
      spec:
        brokerRef: {name: fleet}
        username: Drone@site.7
        secret: {name: drone-seven, labels: {site: "7"}, annotations: {example.com/site: seven}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttUser
      metadata: {name: bare}
      spec: {brokerRef: {name: plain}}
      ---
      apiVersion: mqttoperator.io/v1alpha1
      kind: MqttAcl
      metadata: {name: telemetry}
      spec:
        brokerRef: {name: fleet}
        subjects: [{allUsers: true}]
        rules: [{topics: ["telemetry/#"], access: [Publish, Subscribe]}]
      """;

  /** A client of another make, in a pod as users would run it; the name is resolved by DNS. */
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: client}
      spec:
        automountServiceAccountToken: false
        terminationGracePeriodSeconds: 0
        securityContext:
          runAsNonRoot: true
          runAsUser: 1883
          runAsGroup: 1883
          seccompProfile: {type: RuntimeDefault}
        containers:
        - name: client
          image: IMAGE
          command: [sleep, infinity]
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          volumeMounts:
          - {name: binding, mountPath: /bindings/drone}
          - {name: trust, mountPath: /trust}
        volumes:
        - {name: binding, secret: {secretName: drone-mqtt}}
        - {name: trust, configMap: {name: fleet-trust}}
      """;

  private static final String LOGIN =
      "cd /bindings/drone && set -- -h $(cat host) -p $(cat port) --cafile /trust/ca.crt"
          + " -u $(cat username) -P $(cat password) -q 1 -V ";

  private final Cluster cluster;
  private final Broker broker;

  CredentialsE2eTest(Cluster cluster) {
    this.cluster = cluster;
    this.broker = cluster.broker("fleet");
  }

  @BeforeAll
  void apply() {
    cluster.applyAndAwait(MANIFESTS);
  }

  @Test
  void holdsTheKeysOfServiceBinding() {
    var secret = text("drone-mqtt");

    assertThat(secret)
        .containsOnlyKeys(
            "type", "provider", "host", "port", "uri", "username", "password", "ca.crt")
        .containsEntry("type", "mqtt")
        .containsEntry("provider", "mosquitto")
        .containsEntry("port", "8883")
        .containsEntry("username", "drone")
        .containsEntry("ca.crt", broker.trustBundle());
    assertThat(secret.get("host")).startsWith(broker.host());
    assertThat(secret.get("uri")).isEqualTo("mqtts://" + secret.get("host") + ":8883");
    // 256 random bits, in letters that no shell touches.
    assertThat(secret.get("password")).matches("[A-Za-z0-9_-]{43}");
    assertThat(jsonpath("secret/drone-mqtt", "{.type}")).isEqualTo("servicebinding.io/mqtt");
    assertThat(jsonpath("mqu/drone", "{.status.binding.name}")).isEqualTo("drone-mqtt");
    assertThat(jsonpath("mqu/drone", "{.status.username}")).isEqualTo("drone");
  }

  @Test
  void isCalledAndLabelledAsAsked() {
    var secret = text("drone-seven");

    assertThat(secret).containsEntry("username", "Drone@site.7");
    assertThat(jsonpath("secret/drone-seven", "{.metadata.labels.site}")).isEqualTo("7");
    assertThat(jsonpath("secret/drone-seven", "{.metadata.annotations.example\\.com/site}"))
        .isEqualTo("seven");
    assertThat(jsonpath("mqu/named", "{.status.binding.name}")).isEqualTo("drone-seven");
    assertThat(
            cluster
                .client()
                .secrets()
                .inNamespace(cluster.namespace())
                .withName("named-mqtt")
                .get())
        .isNull();
  }

  /** The first listener that takes a password, at its Service's port; without TLS no CA. */
  @Test
  void namesTheListenerThatTakesThePassword() {
    var secret = text("bare-mqtt");

    assertThat(secret)
        .doesNotContainKey("ca.crt")
        .containsEntry("port", "2883")
        .containsEntry("uri", "mqtt://" + secret.get("host") + ":2883");
    Client.withoutTls(cluster.broker("plain").service(2883))
        .login(Login.of(cluster.secret("bare-mqtt")))
        .connect()
        .close();
    assertThat(jsonpath("mqb/plain", "{.status.warnings[*]}"))
        .contains("Listener open", "Listener mqtt", "no TLS", "client id");
  }

  @Test
  void areEnoughForAnotherClientInAPod() {
    var image = broker.onlyPod().getSpec().getContainers().getFirst().getImage();
    cluster.apply(POD.replace("IMAGE", image));
    cluster.kubectl().run("wait", "--for=condition=Ready", "pod/client", "--timeout=60s").orFail();

    for (var version : new String[] {"mqttv311", "mqttv5"}) {
      var login = LOGIN + version + "; ";
      var topic = "telemetry/" + version;
      exec(login + "mosquitto_pub \"$@\" -t " + topic + " -r -m hello").orFail();
      assertThat(exec(login + "mosquitto_sub \"$@\" -t " + topic + " -C 1 -W 20").orFail())
          .isEqualTo("hello\n");
      var imposter = exec(login + "mosquitto_pub \"$@\" -P wrong -t " + topic + " -m x");
      assertThat(imposter.status()).isNotZero();
      assertThat(imposter.errors()).containsIgnoringCase("not authori");
    }
    var forbidden = exec(LOGIN + "mqttv5; mosquitto_pub \"$@\" -t elsewhere -m x");
    assertThat(forbidden.output() + forbidden.errors()).containsIgnoringCase("not authori");
    var untrusting =
        exec(
            LOGIN.replace("/trust/ca.crt", "/etc/ssl/certs/none")
                + "mqttv5; mosquitto_pub \"$@\" -t telemetry/x -m x");
    assertThat(untrusting.status()).isNotZero();
  }

  /** As people bring it who run Mosquitto already: what its own tool has written. */
  @Test
  void aHashOfMosquittosOwnToolLetsItsPasswordIn() {
    var hash =
        cluster
            .kubectl()
            .run(
                "exec",
                "fleet-0",
                "-c",
                "mosquitto",
                "--",
                "sh",
                "-c",
                "mosquitto_passwd -b -c /mosquitto/run/made hashed secret-of-mine >/dev/null"
                    + " && sed -n 's/^hashed://p' /mosquitto/run/made && rm /mosquitto/run/made")
            .orFail()
            .strip();
    cluster.applyAndAwait(own("hashed", hash));

    var client = broker.client("drone").login(new Login("hashed", "secret-of-mine"));
    client.connect().close();
    assertThat(text("hashed-mqtt"))
        .containsEntry("username", "hashed")
        .doesNotContainKey("password");
    assertThatExceptionOfType(Refused.class)
        .isThrownBy(broker.client("drone").login(new Login("hashed", hash))::connect);
    cluster.apply(own("hashed", hash + "x"));
    cluster.awaitCondition("mqu", "hashed", "Accepted", "False", "InvalidPassword");
    client.connect().close();
  }

  private static String own(String user, String hash) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s-own, labels: {mqttoperator.io/credentials: "true"}}
    stringData: {hash: '%s'}
    ---
    apiVersion: mqttoperator.io/v1alpha1
    kind: MqttUser
    metadata: {name: %s}
    spec:
      brokerRef: {name: fleet}
      password: {secretRef: {name: %s-own, key: hash, format: MosquittoHash}}
    """
        .formatted(user, hash, user, user);
  }

  private Kubectl.Result exec(String script) {
    return cluster.kubectl().run("exec", "client", "--", "sh", "-c", script);
  }

  private String jsonpath(String object, String path) {
    return cluster.kubectl().run("get", object, "-o", "jsonpath=" + path).orFail();
  }

  private Map<String, String> text(String secret) {
    var values = new TreeMap<String, String>();
    cluster
        .secret(secret)
        .forEach((key, value) -> values.put(key, new String(value, StandardCharsets.UTF_8)));
    return values;
  }
}
