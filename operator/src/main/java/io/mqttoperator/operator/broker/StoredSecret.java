package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Secret's bytes and annotations, if there is a Secret. */
record StoredSecret(@Nullable Secret secret) {

  static StoredSecret of(Optional<Secret> secret) {
    return new StoredSecret(secret.orElse(null));
  }

  /** The bytes under a key. */
  Optional<byte[]> bytes(String key) {
    return secret == null || secret.getData() == null
        ? Optional.empty()
        : Optional.ofNullable(secret.getData().get(key)).map(Base64.getDecoder()::decode);
  }

  /** The number in an annotation; 0 if there is none. */
  int number(String annotation) {
    if (secret == null || secret.getMetadata().getAnnotations() == null) {
      return 0;
    }
    var text = secret.getMetadata().getAnnotations().get(annotation);
    return text != null && text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  @Override
  public String toString() {
    return secret == null ? "none" : "Secret " + secret.getMetadata().getName();
  }
}
