package io.mqttoperator.e2e.outage;

/**
 * What a change did to the pods.
 *
 * @param restarted pods that are others, or whose container is
 * @param anew pods in which Mosquitto alone was restarted
 * @param pods those that were there before
 * @param hasReloaded whether the files of the broker changed
 */
record Effect(int restarted, int anew, int pods, boolean hasReloaded) {

  @Override
  public String toString() {
    if (restarted > 0) {
      return "restart %d/%d".formatted(restarted, pods);
    }
    if (anew > 0) {
      return "anew %d/%d".formatted(anew, pods);
    }
    return hasReloaded ? "reload" : "none";
  }
}
