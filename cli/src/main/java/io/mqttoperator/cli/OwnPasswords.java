package io.mqttoperator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.cli.source.Inventory;
import io.mqttoperator.operator.access.AskedName;
import io.mqttoperator.operator.access.FollowedName;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.OwnPreSharedKey;
import io.mqttoperator.operator.broker.forecast.BrokerForecast;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of users' own Secrets, of passwords and of pre-shared keys: those in files are
 * read; of a cluster's, which are not, the user's status tells.
 */
final class OwnPasswords {

  private final Inventory inventory;

  OwnPasswords(Inventory inventory) {
    this.inventory = inventory;
  }

  /** Of a user that has one. */
  Optional<OwnPassword> of(MqttUser user) {
    return Optional.of(
        secret(user)
            .map(secret -> BrokerForecast.read(secret, reference(user)))
            .orElseGet(() -> told(user)));
  }

  /** The username of a user whose Secret says it; of a cluster's, the one that its status has. */
  AskedName name(MqttUser user) {
    return secret(user)
        .map(secret -> BrokerForecast.name(secret, reference(user)))
        .orElseGet(
            () ->
                FollowedName.heldBy(user)
                    .<AskedName>map(AskedName.Given::new)
                    .orElseGet(AskedName.Unknown::new));
  }

  private static PasswordSecretRef reference(MqttUser user) {
    return Objects.requireNonNull(Objects.requireNonNull(user.getSpec().password()).secretRef());
  }

  private Optional<Secret> secret(MqttUser user) {
    var key = new ResourceKey(user.getMetadata().getNamespace(), reference(user).name());
    return Optional.ofNullable(inventory.secrets().get(key)).map(OwnPasswords::typed);
  }

  /** Of a user that brings its pre-shared key. */
  Optional<OwnPreSharedKey> keyOf(MqttUser user) {
    var reference =
        Objects.requireNonNull(Objects.requireNonNull(user.getSpec().preSharedKey()).secretRef());
    var secret =
        inventory
            .secrets()
            .get(new ResourceKey(user.getMetadata().getNamespace(), reference.name()));
    return Optional.of(
        secret == null ? toldOfKey(user) : BrokerForecast.read(typed(secret), reference));
  }

  /** As the API server stores it. */
  private static Secret typed(JsonNode secret) {
    var data = new HashMap<String, String>();
    secret
        .path("data")
        .properties()
        .forEach(entry -> data.put(entry.getKey(), entry.getValue().asText()));
    secret
        .path("stringData")
        .properties()
        .forEach(entry -> data.put(entry.getKey(), encoded(entry.getValue().asText())));
    var labels = new HashMap<String, String>();
    secret
        .at("/metadata/labels")
        .properties()
        .forEach(entry -> labels.put(entry.getKey(), entry.getValue().asText()));
    return new SecretBuilder()
        .withNewMetadata()
        .withName(secret.at("/metadata/name").asText())
        .withResourceVersion("")
        .withLabels(labels)
        .endMetadata()
        .withData(data)
        .build();
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String refusal(MqttUser user) {
    return Statuses.condition(user, "Accepted")
        .filter(accepted -> "False".equals(accepted.getStatus()))
        .map(accepted -> accepted.getReason())
        .orElse("");
  }

  /** Where a user brings a password too, the status says which of the two it is in words alone. */
  private static OwnPreSharedKey toldOfKey(MqttUser user) {
    var password = user.getSpec().password();
    var reason = password != null && password.secretRef() != null ? "" : refusal(user);
    if (reason.equals(Reason.SECRET_NOT_FOUND.text())) {
      return new OwnPreSharedKey.Absent();
    }
    if (reason.equals(Reason.SECRET_NOT_LABELLED.text())) {
      return new OwnPreSharedKey.NotOffered();
    }
    if (reason.equals(Reason.SECRET_KEY_MISSING.text())) {
      return new OwnPreSharedKey.KeyMissing("that is named");
    }
    return BrokerForecast.unreadKey();
  }

  private static OwnPassword told(MqttUser user) {
    var reason = refusal(user);
    if (reason.equals(Reason.SECRET_NOT_FOUND.text())) {
      return new OwnPassword.Absent();
    }
    if (reason.equals(Reason.SECRET_NOT_LABELLED.text())) {
      return new OwnPassword.NotOffered();
    }
    if (reason.equals(Reason.SECRET_KEY_MISSING.text())) {
      return new OwnPassword.KeyMissing("that is named");
    }
    return BrokerForecast.unread();
  }
}
