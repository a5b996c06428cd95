package io.mqttoperator.e2e.outage;

/**
 * What a change did to the pods.
 *
 * @param restarted pods whose broker was restarted
 * @param pods those that were there before
 * @param hasReloaded whether the files of the broker changed
 */
record Effect(int restarted, int pods, boolean hasReloaded) {

  @Override
  public String toString() {
    if (restarted > 0) {
      return "restart %d/%d".formatted(restarted, pods);
    }
    return hasReloaded ? "reload" : "none";
  }
}
