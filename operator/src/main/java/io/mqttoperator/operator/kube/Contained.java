package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to objects that are not of the broker's namespace. Whoever may change those can make each
 * write fail: by changing them all the time, or by filling them until the API server takes no more.
 * A pass that others wait for must not end there.
 */
public final class Contained {

  private static final Logger LOG = LoggerFactory.getLogger(Contained.class);

  private Contained() {}

  /**
   * Does {@code write}; of another namespace a failure is told in the log.
   *
   * @param resource a user or an ACL
   * @return what it gives; empty if it failed
   * @throws RuntimeException a failure in the broker's namespace, as it is
   */
  public static <T> Optional<T> of(HasMetadata resource, Supplier<T> write) {
    var namespace = resource.getMetadata().getNamespace();
    if (Caches.referenced(resource).allMatch(broker -> broker.namespace().equals(namespace))) {
      return Optional.of(write.get());
    }
    try {
      return Optional.of(write.get());
    } catch (RuntimeException failed) {
      LOG.warn(
          "{} in namespace {} cannot be written: {}",
          Applier.describe(resource),
          namespace,
          failed.toString());
      return Optional.empty();
    }
  }
}
