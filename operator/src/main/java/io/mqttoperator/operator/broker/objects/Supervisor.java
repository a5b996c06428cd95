package io.mqttoperator.operator.broker.objects;

/** The script that is PID 1 of a broker's container. */
public final class Supervisor {

  static final String FILE = "supervisor.sh";

  private Supervisor() {}

  public static String script() {
    return Script.read(FILE);
  }
}
