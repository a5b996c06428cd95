package io.mqttoperator.operator.broker.objects;

/** The script that is PID 1 of a broker's container. */
final class Supervisor {

  static final String FILE = "supervisor.sh";

  private Supervisor() {}

  static String script() {
    return Script.read(FILE);
  }
}
