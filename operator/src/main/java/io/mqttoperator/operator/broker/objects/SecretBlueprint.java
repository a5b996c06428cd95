package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.certificates.ClientAuthorities;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Ownership;
import io.mqttoperator.operator.kube.SecretReferences;
import io.mqttoperator.operator.mosquitto.BridgeConfiguration;
import io.mqttoperator.operator.mosquitto.BridgeJoin;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.pki.AuthorityFiles;
import io.mqttoperator.operator.pki.TrustBundle;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The Secrets and ConfigMaps of a broker. Pure. */
public final class SecretBlueprint {

  private static final String TLS = "kubernetes.io/tls";
  private static final String OPAQUE = "Opaque";

  /** Of all that a Secret holds together; the API server refuses more. */
  public static final int MAX_BYTES = 1024 * 1024;

  private final BrokerProfile profile;

  public SecretBlueprint(BrokerProfile profile) {
    this.profile = profile;
  }

  /** The authority, which outlives the broker unless told otherwise. */
  public Secret authority(BrokerSecrets secrets) {
    var files = new HashMap<>(secrets.own().authorities().files());
    files.putAll(secrets.formers().files());
    files.putAll(AuthorityFiles.of(secrets.generated().authorities()));
    return secret(retained(profile.names().authority(), "authority"), TLS, files);
  }

  /** What the authority has issued to clients and revoked: it goes with the authority. */
  public Secret revocations(int shard, byte[] ledger) {
    return secret(
        retained(profile.names().revocations(shard), "revocations"),
        OPAQUE,
        Map.of(SecretEntries.LEDGER, ledger));
  }

  /** Whose sessions are to end: it goes with the broker. */
  public Secret sessions(byte[] usernames) {
    return secret(
        metadata(profile.names().sessions(), "sessions", Map.of()),
        OPAQUE,
        Map.of(SecretEntries.ENDING, usernames));
  }

  private ObjectMeta retained(String name, String component) {
    var metadata = metadata(name, component, Map.of());
    if (profile.retainAuthority()) {
      metadata.setOwnerReferences(null);
      var labels = new HashMap<>(metadata.getLabels());
      labels.put(Labels.RETAINED_FOR, profile.names().broker());
      metadata.setLabels(labels);
    }
    return metadata;
  }

  public Secret server(BrokerSecrets secrets) {
    var annotations = new HashMap<String, String>();
    annotations.put(Labels.CERTIFICATE_GENERATION, Integer.toString(profile.server().generation()));
    if (secrets.own().server().isPresent()) {
      annotations.put(
          Labels.OWN_CERTIFICATE, SecretReferences.of(profile.broker()).server().orElseThrow());
    }
    var files = new HashMap<String, byte[]>();
    files.put(SecretEntries.CERTIFICATE, secrets.server().pair().certificatePem());
    files.put(SecretEntries.KEY, secrets.server().pair().keyPem());
    put(files, SecretEntries.TRUST, secrets.serverTrust());
    return secret(metadata(profile.names().server(), "server", annotations), TLS, files);
  }

  public Secret operator(BrokerSecrets secrets) {
    return secret(
        metadata(profile.names().operator(), "operator", Map.of()),
        OPAQUE,
        Map.of(
            SecretEntries.TRUST, secrets.internal().authority().certificatePem(),
            SecretEntries.TRUST_KEY, secrets.internal().authority().keyPem(),
            SecretEntries.CERTIFICATE, secrets.internal().operator().pair().certificatePem(),
            SecretEntries.KEY, secrets.internal().operator().pair().keyPem(),
            SecretEntries.ACCOUNT,
                secrets.internal().account().value().getBytes(StandardCharsets.US_ASCII),
            SecretEntries.SALT, secrets.internal().salt().toBytes(),
            SecretEntries.BRIDGES,
                secrets.internal().accounts().secret().getBytes(StandardCharsets.US_ASCII)));
  }

  public Secret internal(BrokerSecrets secrets) {
    return secret(
        metadata(profile.names().internal(), "internal", Map.of()), OPAQUE, internalFiles(secrets));
  }

  /**
   * How many bytes it has left for the revocation lists of these authorities.
   *
   * @param secrets without what is decided of clients
   */
  public static long roomForRevocations(BrokerSecrets secrets, ClientAuthorities authorities) {
    var others =
        internalFiles(secrets).values().stream().mapToLong(content -> content.length).sum();
    return MAX_BYTES - others - new TrustBundle(authorities.certificates()).pem().length;
  }

  private static Map<String, byte[]> internalFiles(BrokerSecrets secrets) {
    var files = new HashMap<>(RevisionSecrets.internal(secrets));
    secrets.own().trustFiles().forEach((name, trust) -> put(files, name, trust));
    return files;
  }

  private static void put(Map<String, byte[]> files, String name, byte[] content) {
    if (content.length > 0) {
      files.put(name, content);
    }
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

  public Secret shard(int index, Map<String, byte[]> files) {
    return secret(metadata(profile.names().shard(index), "files", Map.of()), OPAQUE, files);
  }

  /** The revision itself, written last: it names what all the others must hold. */
  public Secret files(RevisionSecrets files) {
    return secret(metadata(profile.names().files(), "files", Map.of()), OPAQUE, files.named());
  }

  /** What clients are to trust; public. Empty where that is not known. */
  public ConfigMap trust(BrokerSecrets secrets) {
    var trust = secrets.trust(profile);
    return configMap(
        profile.names().trust(),
        "trust",
        trust.length == 0
            ? Map.of()
            : Map.of(SecretEntries.TRUST, new String(trust, StandardCharsets.US_ASCII)));
  }

  /** The scripts that are PID 1 of the pods' containers. */
  public ConfigMap supervisor() {
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
    files.forEach((name, content) -> data.put(name, StoredSecret.encode(content)));
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
