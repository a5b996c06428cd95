package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.mosquitto.BridgeConfiguration;
import io.mqttoperator.operator.mosquitto.BridgeJoin;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The Secrets and ConfigMaps of a broker. Pure. */
final class SecretBlueprint {

  private static final String TLS = "kubernetes.io/tls";
  private static final String OPAQUE = "Opaque";

  private final BrokerProfile profile;

  SecretBlueprint(BrokerProfile profile) {
    this.profile = profile;
  }

  /** The authority, which outlives the broker unless told otherwise. */
  Secret authority(BrokerSecrets secrets) {
    var metadata = metadata(profile.names().authority(), "authority", Map.of());
    if (profile.retainAuthority()) {
      metadata.setOwnerReferences(null);
      var labels = new HashMap<>(metadata.getLabels());
      labels.put(Labels.RETAINED_FOR, profile.names().broker());
      metadata.setLabels(labels);
    }
    return secret(
        metadata,
        TLS,
        Map.of(
            SecretKeys.CERTIFICATE, secrets.authority().pair().certificatePem(),
            SecretKeys.KEY, secrets.authority().pair().keyPem()));
  }

  Secret server(BrokerSecrets secrets) {
    var generation = Integer.toString(profile.server().generation());
    return secret(
        metadata(
            profile.names().server(), "server", Map.of(Labels.CERTIFICATE_GENERATION, generation)),
        TLS,
        Map.of(
            SecretKeys.CERTIFICATE, secrets.server().pair().certificatePem(),
            SecretKeys.KEY, secrets.server().pair().keyPem(),
            SecretKeys.TRUST, secrets.authority().pair().certificatePem()));
  }

  Secret operator(BrokerSecrets secrets) {
    return secret(
        metadata(profile.names().operator(), "operator", Map.of()),
        OPAQUE,
        Map.of(
            SecretKeys.TRUST, secrets.internal().authority().certificatePem(),
            SecretKeys.TRUST_KEY, secrets.internal().authority().keyPem(),
            SecretKeys.CERTIFICATE, secrets.internal().operator().pair().certificatePem(),
            SecretKeys.KEY, secrets.internal().operator().pair().keyPem(),
            SecretKeys.ACCOUNT,
                secrets.internal().account().value().getBytes(StandardCharsets.US_ASCII),
            SecretKeys.SALT, secrets.internal().salt().toBytes(),
            SecretKeys.BRIDGES,
                secrets.internal().accounts().secret().getBytes(StandardCharsets.US_ASCII)));
  }

  Secret internal(BrokerSecrets secrets) {
    return secret(
        metadata(profile.names().internal(), "internal", Map.of()),
        OPAQUE,
        AccessFiles.internal(secrets));
  }

  /**
   * All that bridges need; a certificate and its key are in one Secret, so they are never torn.
   *
   * @param star another name when the hub may have lost its sessions
   */
  Secret bridge(BrokerSecrets secrets, String star) {
    var autosave = Math.toIntExact(profile.autosaveInterval().toSeconds());
    var internal = secrets.internal();
    var files = new TreeMap<String, byte[]>();
    files.put(
        BridgeConfiguration.FILE,
        new BridgeConfiguration(
                profile.names().podHost(0),
                internal.accounts(),
                BridgeContainer.MAX_QUEUED_MESSAGES,
                BridgeContainer.MAX_QUEUED_BYTES,
                autosave)
            .render());
    files.put(BridgeJoin.FILE, BridgeJoin.of(star, autosave).render());
    files.put(RevisionFiles.INTERNAL_AUTHORITY, internal.authority().certificatePem());
    for (var bridge : internal.bridges()) {
      var pair = bridge.certificate().pair();
      files.put(BridgeConfiguration.certificateFile(bridge.ordinal()), pair.certificatePem());
      files.put(BridgeConfiguration.keyFile(bridge.ordinal()), pair.keyPem());
    }
    return secret(metadata(profile.names().bridge(), "bridge", Map.of()), OPAQUE, files);
  }

  Secret shard(int index, Map<String, byte[]> files) {
    return secret(metadata(profile.names().shard(index), "files", Map.of()), OPAQUE, files);
  }

  /** The revision itself, written last: it names what all the others must hold. */
  Secret files(AccessFiles files) {
    return secret(metadata(profile.names().files(), "files", Map.of()), OPAQUE, files.named());
  }

  /** What clients are to trust; public. */
  ConfigMap trust(BrokerSecrets secrets) {
    return configMap(
        profile.names().trust(),
        "trust",
        Map.of(
            SecretKeys.TRUST,
            new String(secrets.authority().pair().certificatePem(), StandardCharsets.US_ASCII)));
  }

  /** The scripts that are PID 1 of the pods' containers. */
  ConfigMap supervisor() {
    var scripts = new TreeMap<>(Map.of(Supervisor.FILE, Supervisor.script()));
    if (profile.replicas() > 1) {
      scripts.put(BridgeContainer.FILE, BridgeContainer.script());
    }
    return configMap(profile.names().supervisor(), "supervisor", scripts);
  }

  private ConfigMap configMap(String name, String component, Map<String, String> content) {
    return new ConfigMapBuilder()
        .withMetadata(metadata(name, component, Map.of()))
        .withData(content)
        .build();
  }

  private static Secret secret(ObjectMeta metadata, String type, Map<String, byte[]> files) {
    var data = new TreeMap<String, String>();
    files.forEach((name, content) -> data.put(name, UserSecretBlueprint.base64(content)));
    return new SecretBuilder().withMetadata(metadata).withType(type).withData(data).build();
  }

  private ObjectMeta metadata(String name, String component, Map<String, String> annotations) {
    return metadata(profile, name, component, annotations);
  }

  /** Name, labels and owner, as every object of a broker has them. */
  static ObjectMeta metadata(
      BrokerProfile profile, String name, String component, Map<String, String> annotations) {
    return new ObjectMetaBuilder()
        .withNamespace(profile.names().namespace())
        .withName(name)
        .withLabels(Labels.of(profile.names().broker(), component))
        .withAnnotations(annotations)
        .withOwnerReferences(Ownership.controlledBy(profile.broker()))
        .build();
  }
}
