package io.mqttoperator.operator.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.LedgerFile;
import io.mqttoperator.operator.pki.LedgerFiles;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.ServingPod;
import io.mqttoperator.operator.testing.UserConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A namespace with a broker called {@code fleet}, for tests: what people apply and what they see.
 */
public record Fleet(KubernetesApi api, String namespace) {

  public static final String BROKER = "fleet";
  public static final Duration BOUND = Duration.ofSeconds(15);

  public static Fleet in(KubernetesApi api) {
    return new Fleet(api, api.namespace());
  }

  /** Applies a broker; {@code spec} is YAML in braces. */
  public void broker(String spec) {
    apply("MqttBroker", BROKER, spec);
  }

  /** Applies a user; {@code more} is the rest of the spec in YAML braces' inside. */
  public void user(String name, String more) {
    apply("MqttUser", name, "{brokerRef: {name: " + BROKER + "}" + more(more) + "}");
  }

  /** Applies an ACL for all users: publishing to one topic. */
  public void acl(String name, String topic) {
    acl(name, "{allUsers: true}", topic);
  }

  public void acl(String name, String subject, String topic) {
    apply(
        "MqttAcl",
        name,
        "{brokerRef: {name: %s}, subjects: [%s], rules: [{topics: ['%s'], access: [Publish]}]}"
            .formatted(BROKER, subject, topic));
  }

  private static String more(String more) {
    return more.isEmpty() ? "" : ", " + more;
  }

  public void apply(String kind, String name, String spec) {
    api.apply(
        namespace,
        """
        apiVersion: mqttoperator.io/v1alpha1
        kind: %s
        metadata: {name: %s}
        spec: %s
        """
            .formatted(kind, name, spec));
  }

  /** Makes a Secret of somebody's own, or replaces it whole. */
  public void secret(String name, Map<String, String> labels, Map<String, String> data) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .withLabels(labels)
            .endMetadata()
            .withStringData(data)
            .build();
    api.client().resource(secret).createOr(NonDeletingOperation::update);
  }

  public <T extends HasMetadata> Optional<T> find(Class<T> kind, String name) {
    return Optional.ofNullable(
        api.client().resources(kind).inNamespace(namespace).withName(name).get());
  }

  public <T extends HasMetadata> T get(Class<T> kind, String name) {
    return find(kind, name)
        .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " " + name));
  }

  public void delete(Class<? extends HasMetadata> kind, String name) {
    api.client().resources(kind).inNamespace(namespace).withName(name).withGracePeriod(0).delete();
  }

  /** A value in a Secret, as text. */
  public String value(String secret, String key) {
    return value(get(Secret.class, secret), key);
  }

  public static String value(Secret secret, String key) {
    return new String(
        Base64.getDecoder().decode(Objects.requireNonNull(secret.getData().get(key))),
        StandardCharsets.UTF_8);
  }

  /** The name of a Secret of its ledger. */
  public static String ledgerSecret(int shard) {
    return new BrokerNames("", BROKER, "").revocations(shard);
  }

  /** What stands in the Secrets of its ledger. */
  public LedgerFiles ledgerFiles() {
    var files = new TreeMap<Integer, LedgerFile>();
    for (int shard = 0; shard < LedgerFile.MOST_SHARDS; shard++) {
      var found = find(Secret.class, ledgerSecret(shard));
      if (found.isPresent()) {
        files.put(shard, ledgerFile(shard, found.get()));
      }
    }
    return new LedgerFiles(files);
  }

  private static LedgerFile ledgerFile(int shard, Secret secret) {
    try {
      var data = Objects.requireNonNull(secret.getData().get(SecretEntries.LEDGER));
      return LedgerFile.parse(shard, Base64.getDecoder().decode(data));
    } catch (InvalidCertificateException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  /** What stands in one of them. */
  public LedgerFile ledgerFile(int shard) {
    return Objects.requireNonNull(ledgerFiles().byShard().get(shard));
  }

  /** Its ledger. */
  public CertificateLedger ledger() {
    return ledgerFiles().join();
  }

  /** Makes a Secret of its ledger, as one that was kept, or gives it another content. */
  public void storeLedger(int shard, LedgerFile file) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(ledgerSecret(shard))
            .addToLabels("app.kubernetes.io/managed-by", "mqtt-operator")
            .addToLabels("app.kubernetes.io/instance", BROKER)
            .addToLabels("mqttoperator.io/retained-for", BROKER)
            .endMetadata()
            .withData(
                Map.of(SecretEntries.LEDGER, Base64.getEncoder().encodeToString(file.render())))
            .build();
    api.client().resource(secret).createOr(NonDeletingOperation::update);
  }

  /** As {@code Accepted=False:NameTaken}, once the newest generation was observed; else empty. */
  public String condition(Class<? extends HasMetadata> kind, String name, String type) {
    var found = find(kind, name);
    if (found.isEmpty()) {
      return "";
    }
    var observed =
        switch (found.get()) {
          case MqttBroker broker when broker.getStatus() != null ->
              of(broker.getStatus().observedGeneration(), broker.getStatus().conditions(), type);
          case MqttUser user when user.getStatus() != null ->
              of(user.getStatus().observedGeneration(), user.getStatus().conditions(), type);
          case MqttAcl acl when acl.getStatus() != null ->
              of(acl.getStatus().observedGeneration(), acl.getStatus().conditions(), type);
          default -> null;
        };
    return observed != null
            && Objects.equals(observed.generation(), found.get().getMetadata().getGeneration())
        ? observed.text()
        : "";
  }

  public String message(Class<? extends HasMetadata> kind, String name, String type) {
    return switch (get(kind, name)) {
      case MqttBroker broker ->
          Conditions.find(broker.getStatus().conditions(), type).orElseThrow().getMessage();
      case MqttUser user ->
          Conditions.find(user.getStatus().conditions(), type).orElseThrow().getMessage();
      case MqttAcl acl ->
          Conditions.find(acl.getStatus().conditions(), type).orElseThrow().getMessage();
      default -> throw new IllegalArgumentException(kind.getSimpleName());
    };
  }

  private record Observed(@Nullable Long generation, String text) {}

  private static Observed of(
      @Nullable Long generation, @Nullable List<Condition> conditions, String type) {
    return new Observed(
        generation,
        Conditions.find(conditions, type)
            .map(found -> "%s=%s:%s".formatted(type, found.getStatus(), found.getReason()))
            .orElse(""));
  }

  public void awaitCondition(Class<? extends HasMetadata> kind, String name, String condition) {
    awaitCondition(kind, name, condition, BOUND);
  }

  public void awaitCondition(
      Class<? extends HasMetadata> kind, String name, String condition, Duration bound) {
    var type = condition.substring(0, condition.indexOf('='));
    await(kind.getSimpleName() + " " + name + " " + condition)
        .atMost(bound)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(
            () ->
                org.assertj.core.api.Assertions.assertThat(condition(kind, name, type))
                    .isEqualTo(condition));
  }

  /** Until the broker has its StatefulSet and the spec stands. */
  public void awaitAccepted() {
    awaitCondition(MqttBroker.class, BROKER, "Accepted=True:Accepted");
  }

  /** Its first pod, with a real Mosquitto. */
  public ServingPod serve() {
    return serve(0);
  }

  /** One of its pods. A real one's bridge is not there, so it joins no other. */
  public ServingPod serve(int ordinal) {
    return api.servingPod(namespace, BROKER, ordinal);
  }

  /** The broker's status, or part of it, once it is there. */
  public <T> T status(Function<MqttBrokerStatus, @Nullable T> part) {
    return Objects.requireNonNull(part.apply(get(MqttBroker.class, BROKER).getStatus()));
  }

  /** A user's own client, with what its Secret says. */
  public UserConnection connect(ServingPod pod, String user) {
    var secret = get(Secret.class, user + "-mqtt");
    return new UserConnection(
        pod,
        value(secret, "host"),
        value(secret, "ca.crt"),
        value(secret, "username"),
        value(secret, "password"));
  }

  public void awaitUser(String name) {
    awaitCondition(MqttUser.class, name, "Enforced=Unknown:NoRunningPod");
  }

  public void awaitAcl(String name) {
    awaitCondition(MqttAcl.class, name, "Enforced=Unknown:NoRunningPod");
  }

  public void awaitGone(Class<? extends HasMetadata> kind, String name) {
    await(kind.getSimpleName() + " " + name + " is gone")
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> find(kind, name).isEmpty());
  }

  /** What a user's Secret has a client show. */
  public static KeyAndCertificate pair(Secret secret) {
    try {
      return KeyAndCertificate.parse(
          value(secret, "tls.crt").getBytes(US_ASCII), value(secret, "tls.key").getBytes(US_ASCII));
    } catch (InvalidCertificateException unusable) {
      throw new AssertionError(unusable);
    }
  }
}
