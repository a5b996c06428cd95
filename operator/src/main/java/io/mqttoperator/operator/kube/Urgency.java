package io.mqttoperator.operator.kube;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The brokers for which something was asked since their last pass began. */
public final class Urgency {

  private final Set<ResourceKey> asked = ConcurrentHashMap.newKeySet();

  /** Something is asked of {@code key} that cannot wait. */
  public void add(ResourceKey key) {
    asked.add(key);
  }

  /**
   * A pass begins: it sees all that was asked before.
   *
   * @return whether anything was
   */
  public boolean begin(ResourceKey key) {
    return asked.remove(key);
  }

  /** Whether something was asked since the pass began. */
  public boolean isAsked(ResourceKey key) {
    return asked.contains(key);
  }
}
