package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Ownership;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Secret that a user's client reads, with the keys of the Service Binding specification 1.1
 * (well-known Secret entries).
 */
final class UserSecretBlueprint {

  static final String TYPE = "servicebinding.io/mqtt";

  private UserSecretBlueprint() {}

  static Secret of(
      UserDecision decision, SecretBytes password, BrokerProfile profile, byte[] trust) {
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
    labels.putAll(Labels.of(profile.names().broker(), "credentials"));
    if (decision.password() instanceof Password.Generated generated) {
      annotations.put(Labels.PASSWORD_GENERATION, Integer.toString(generated.generation()));
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
        .withData(data(decision, password, profile, trust))
        .build();
  }

  private static Map<String, String> data(
      UserDecision decision, SecretBytes password, BrokerProfile profile, byte[] trust) {
    var listener =
        profile.listeners().stream()
            .filter(ListenerProfile::takesPasswords)
            .findFirst()
            .orElseThrow();
    var host = profile.names().host();
    var data = new TreeMap<String, String>();
    data.put("type", text("mqtt"));
    data.put("provider", text("mosquitto"));
    data.put("host", text(host));
    data.put("port", text(Integer.toString(listener.servicePort())));
    data.put("uri", text("%s://%s:%d".formatted(listener.scheme(), host, listener.servicePort())));
    data.put("username", text(decision.seen().username()));
    data.put("password", base64(password.toBytes()));
    if (listener.isEncrypted()) {
      data.put("ca.crt", base64(trust));
    }
    return data;
  }

  static String text(String value) {
    return base64(value.getBytes(StandardCharsets.UTF_8));
  }

  static String base64(byte[] value) {
    return Base64.getEncoder().encodeToString(value);
  }
}
