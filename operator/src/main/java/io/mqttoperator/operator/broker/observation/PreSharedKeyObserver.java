package io.mqttoperator.operator.broker.observation;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.PreSharedKeySecretRef;
import io.mqttoperator.operator.access.OwnPreSharedKey;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.SeenPreSharedKey;
import io.mqttoperator.operator.access.SeenPreSharedKey.Written;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.Labels;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a decision about a user's pre-shared key needs from the caches. */
public final class PreSharedKeyObserver {

  private static final String DEFAULT_KEY = "psk";

  private final Caches caches;
  private final UncachedSecrets uncached;

  PreSharedKeyObserver(Caches caches, UncachedSecrets uncached) {
    this.caches = caches;
    this.uncached = uncached;
  }

  /** Where a user's own key is to be, if it brings one, and the Secret that the cache has there. */
  record Source(
      boolean isAsked,
      String namespace,
      @Nullable PreSharedKeySecretRef reference,
      @Nullable Secret secret) {

    /** Whether it is to be looked for past the cache. */
    boolean isMissing() {
      return reference != null && secret == null;
    }

    @Override
    public String toString() {
      return "Source[" + namespace + "/" + (reference == null ? "" : reference.name()) + "]";
    }
  }

  Source find(MqttUser user) {
    var namespace = user.getMetadata().getNamespace();
    var asked = user.getSpec().preSharedKey();
    var reference = asked == null ? null : asked.secretRef();
    return new Source(
        asked != null,
        namespace,
        reference,
        reference == null
            ? null
            : caches.credentials.get(namespace, reference.name()).orElse(null));
  }

  /**
   * What is there.
   *
   * @param written the Secret that we wrote
   */
  public SeenPreSharedKey read(Source source, Optional<Secret> written) {
    return source.isAsked()
        ? new SeenPreSharedKey(
            Optional.ofNullable(source.reference())
                .map(
                    reference ->
                        source.secret() == null
                            ? unseen(source.namespace(), reference)
                            : read(source.secret(), reference)),
            written.flatMap(PreSharedKeyObserver::current))
        : SeenPreSharedKey.NONE;
  }

  private OwnPreSharedKey unseen(String namespace, PreSharedKeySecretRef reference) {
    return uncached
        .get(namespace, reference.name())
        .map(
            secret ->
                OfferedSecret.isOffered(secret)
                    ? read(secret, reference)
                    : new OwnPreSharedKey.NotOffered())
        .orElseGet(OwnPreSharedKey.Absent::new);
  }

  /** What a Secret that is offered says of a user's own key. */
  public static OwnPreSharedKey read(Secret secret, PreSharedKeySecretRef reference) {
    var key = Optional.ofNullable(reference.key()).orElse(DEFAULT_KEY);
    return new StoredSecret(secret)
        .bytes(key)
        .<OwnPreSharedKey>map(
            bytes ->
                new OwnPreSharedKey.Found(
                    new SecretBytes(bytes), secret.getMetadata().getResourceVersion()))
        .orElseGet(() -> new OwnPreSharedKey.KeyMissing(key));
  }

  private static Optional<Written> current(Secret secret) {
    var stored = new StoredSecret(secret);
    return stored
        .bytes(SecretEntries.PRE_SHARED_KEY)
        .map(bytes -> new Written(new SecretBytes(bytes), stored.number(Labels.KEY_GENERATION)));
  }
}
