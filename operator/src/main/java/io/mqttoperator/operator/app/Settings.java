package io.mqttoperator.operator.app;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The operator's settings, from its environment.
 *
 * @param watchNamespaces empty: all ({@code WATCH_NAMESPACES}, separated by commas)
 * @param operatorNamespace where it runs itself ({@code OPERATOR_NAMESPACE}, required)
 * @param podName its own pod ({@code POD_NAME})
 * @param brokerImage where a broker names none ({@code BROKER_IMAGE}, required)
 * @param clusterDomain {@code CLUSTER_DOMAIN}, {@code cluster.local}
 * @param leaderElection {@code LEADER_ELECTION}, {@code false}
 * @param httpPort of health and metrics ({@code HTTP_PORT}, 8080)
 */
record Settings(
    Set<String> watchNamespaces,
    String operatorNamespace,
    String podName,
    String brokerImage,
    String clusterDomain,
    boolean leaderElection,
    int httpPort) {

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming the variable, if one is missing or cannot be used
   */
  static Settings of(Map<String, String> environment) {
    return new Settings(
        Arrays.stream(environment.getOrDefault("WATCH_NAMESPACES", "").split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new)),
        required(environment, "OPERATOR_NAMESPACE"),
        environment.getOrDefault("POD_NAME", "mqtt-operator"),
        required(environment, "BROKER_IMAGE"),
        environment.getOrDefault("CLUSTER_DOMAIN", "cluster.local"),
        Boolean.parseBoolean(environment.getOrDefault("LEADER_ELECTION", "false")),
        port(environment.getOrDefault("HTTP_PORT", "8080")));
  }

  private static String required(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .filter(value -> !value.isBlank())
        .orElseThrow(
            () ->
                new IllegalArgumentException("The environment variable " + name + " is missing."));
  }

  private static int port(String text) {
    try {
      var port = Integer.parseInt(text);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException noNumber) {
      // Said below.
    }
    throw new IllegalArgumentException("HTTP_PORT is \"" + text + "\", not 0 to 65535.");
  }
}
