package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A Secret's bytes and annotations, if there is a Secret. */
public record StoredSecret(@Nullable Secret secret) {

  static StoredSecret of(Optional<Secret> secret) {
    return new StoredSecret(secret.orElse(null));
  }

  /** The bytes under a key. */
  public Optional<byte[]> bytes(String key) {
    return secret == null || secret.getData() == null
        ? Optional.empty()
        : Optional.ofNullable(secret.getData().get(key)).map(Base64.getDecoder()::decode);
  }

  /** As a Secret holds them. */
  public static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** As a Secret holds it. */
  public static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The number in an annotation, 0 to 2147483647; 0 if there is none. */
  public int number(String annotation) {
    if (secret == null || secret.getMetadata().getAnnotations() == null) {
      return 0;
    }
    var text = secret.getMetadata().getAnnotations().get(annotation);
    if (text == null || !text.matches("[0-9]{1,10}")) {
      return 0;
    }
    return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(text));
  }

  /** The keys under which there are bytes. */
  public Set<String> keys() {
    return secret == null || secret.getData() == null ? Set.of() : secret.getData().keySet();
  }

  /** Whether there is such an annotation. */
  public boolean isMarked(String annotation) {
    return secret != null
        && secret.getMetadata().getAnnotations() != null
        && secret.getMetadata().getAnnotations().containsKey(annotation);
  }

  @Override
  public String toString() {
    return secret == null ? "none" : "Secret " + secret.getMetadata().getName();
  }
}
