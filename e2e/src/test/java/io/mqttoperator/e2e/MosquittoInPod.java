package io.mqttoperator.e2e;

/** Mosquitto in a container of a pod, whose image has neither pidof nor pkill. */
public final class MosquittoInPod {

  private MosquittoInPod() {}

  /**
   * A script for {@code sh} that sends a signal. Both containers of a pod have processes of their
   * own: each finds its Mosquitto alone.
   *
   * @param signal as kill(1) takes it, such as {@code KILL}
   */
  public static String signal(String signal) {
    return "for p in /proc/[0-9]*; do read -r name <$p/comm;"
        + " [ \"$name\" != mosquitto ] || kill -%s ${p#/proc/}; done".formatted(signal);
  }
}
