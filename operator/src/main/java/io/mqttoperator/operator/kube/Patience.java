package io.mqttoperator.operator.kube;

import java.util.function.BooleanSupplier;

/**
 * How long one pass goes on with small writes that can wait: until something comes that cannot. One
 * who is to be thrown out does not wait for ten thousand others to be let in.
 */
public final class Patience {

  /** For what has no end that could be awaited. */
  public static final Patience ENDLESS = new Patience(() -> false);

  private final BooleanSupplier isUrgent;
  private volatile boolean hasEnded;

  /** With {@code isUrgent}: whether there is something, now, that cannot wait. */
  public Patience(BooleanSupplier isUrgent) {
    this.isUrgent = isUrgent;
  }

  /** Whether what is not written yet is to be left to the next pass. Once so, it stays so. */
  boolean ends() {
    if (!hasEnded && isUrgent.getAsBoolean()) {
      hasEnded = true;
    }
    return hasEnded;
  }

  /** Whether anything was left to the next pass. */
  public boolean hasEnded() {
    return hasEnded;
  }
}
