package io.mqttoperator.operator.mosquitto;

/**
 * The operator's own listener: mutual TLS with an authority that signs for nobody else.
 *
 * @param maxConnections 1 to 1000
 */
public record InternalListener(int maxConnections) {
  public static final int PORT = 8884;
  private static final int MAX_CONNECTIONS = 1000;

  /**
   * @throws IllegalArgumentException if the limit is out of its range
   */
  public InternalListener {
    if (maxConnections < 1 || maxConnections > MAX_CONNECTIONS) {
      throw new IllegalArgumentException("The internal listener's maxConnections is 1 to 1000");
    }
  }
}
