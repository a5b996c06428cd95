package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.operator.access.ClientCertificate;
import io.mqttoperator.operator.access.CredentialKind;
import io.mqttoperator.operator.access.KeyDecision;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Ownership;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The Secret that a user's client reads, with the keys of the Service Binding specification 1.1
 * (well-known Secret entries).
 */
public final class UserSecretBlueprint {

  static final String TYPE = "servicebinding.io/mqtt";

  private UserSecretBlueprint() {}

  /**
   * What the Secrets of all users of a broker have in common, encoded once.
   *
   * @param trust in base64; empty where the listener has no TLS, no certificate, or one of its own
   *     whose CA is not known
   */
  public record Endpoint(String broker, String scheme, String host, int port, String trust) {

    /** Of the listener for who holds these; there must be one. */
    public static Endpoint of(
        BrokerProfile profile, Function<ListenerProfile, byte[]> trust, Set<CredentialKind> held) {
      var listener = listener(profile, held).orElseThrow();
      return new Endpoint(
          profile.names().broker(),
          listener.scheme(),
          profile.names().host(),
          listener.servicePort(),
          listener.isEncrypted() && !listener.takesKeys()
              ? StoredSecret.encode(trust.apply(listener))
              : "");
    }
  }

  /**
   * The first listener that lets in who holds these. One that only proxies can use is the last
   * choice.
   */
  public static Optional<ListenerProfile> listener(
      BrokerProfile profile, Set<CredentialKind> held) {
    return profile.listeners().stream()
        .filter(candidate -> CredentialKind.open(held, candidate.authentication()))
        .min(Comparator.comparing(ListenerProfile::expectsProxy));
  }

  public static Secret of(
      UserDecision decision, Optional<SecretBytes> password, Endpoint endpoint) {
    var user = decision.user();
    var asked = user.getSpec().secret();
    var labels = new HashMap<String, String>();
    var annotations = new HashMap<String, String>();
    if (asked != null && asked.labels() != null) {
      labels.putAll(asked.labels());
    }
    if (asked != null && asked.annotations() != null) {
      annotations.putAll(asked.annotations());
    }
    labels.putAll(Labels.of(endpoint.broker(), "credentials"));
    if (decision.password() instanceof Password.Generated generated) {
      annotations.put(Labels.PASSWORD_GENERATION, Integer.toString(generated.generation()));
    }
    if (decision.key() instanceof KeyDecision.Generated generated) {
      annotations.put(Labels.KEY_GENERATION, Integer.toString(generated.generation()));
    }
    if (decision.certificate() instanceof ClientCertificate.Issued issued) {
      ClientIdentity.digest(issued.files(), issued.serial())
          .ifPresent(digest -> annotations.put(Labels.PKCS12, digest));
    }
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(user.getMetadata().getNamespace())
        .withName(UserObservation.secretName(user))
        .withLabels(labels)
        .withAnnotations(annotations)
        .withOwnerReferences(Ownership.controlledBy(user))
        .endMetadata()
        .withType(TYPE)
        .withData(data(decision, password, endpoint))
        .build();
  }

  private static Map<String, String> data(
      UserDecision decision, Optional<SecretBytes> password, Endpoint endpoint) {
    var data = new TreeMap<String, String>();
    data.put("type", StoredSecret.encode("mqtt"));
    data.put("provider", StoredSecret.encode("mosquitto"));
    data.put("host", StoredSecret.encode(endpoint.host()));
    data.put("port", StoredSecret.encode(Integer.toString(endpoint.port())));
    data.put(
        "uri",
        StoredSecret.encode(
            "%s://%s:%d".formatted(endpoint.scheme(), endpoint.host(), endpoint.port())));
    data.put("username", StoredSecret.encode(decision.seen().username()));
    password.ifPresent(bytes -> data.put("password", StoredSecret.encode(bytes.toBytes())));
    decision
        .key()
        .key()
        .ifPresent(key -> data.put(SecretEntries.PRE_SHARED_KEY, StoredSecret.encode(key.hex())));
    if (!endpoint.trust().isEmpty()) {
      data.put("ca.crt", endpoint.trust());
    }
    certificate(decision)
        .forEach((name, bytes) -> data.put(name, StoredSecret.encode(bytes.toBytes())));
    return data;
  }

  /** A certificate that does not count any more is left where it is. */
  static Map<String, SecretBytes> certificate(UserDecision decision) {
    return switch (decision.certificate()) {
      case ClientCertificate.Issued issued -> issued.files();
      case ClientCertificate.Refused refused -> refused.files();
      case ClientCertificate.Awaited awaited -> Map.of();
      case ClientCertificate.NotAsked none -> Map.of();
    };
  }
}
