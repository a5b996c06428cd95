package io.mqttoperator.e2e.chaos;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The broker, and the users that stay. */
final class Manifests {

  private Manifests() {}

  static String of(int pods, Duration autosave, int grants) {
    var subjects =
        IntStream.range(0, pods)
            .mapToObj(pod -> "{user: %s}, {user: %s}".formatted(Load.writer(pod), Load.reader(pod)))
            .collect(Collectors.joining(", "));
    var users =
        IntStream.range(0, pods)
            .mapToObj(pod -> user(Load.writer(pod)) + user(Load.reader(pod)))
            .collect(Collectors.joining());
    var grantees =
        IntStream.range(0, grants)
            .mapToObj(number -> user(GrantLife.user(number)))
            .collect(Collectors.joining());
    return broker(pods, autosave, subjects) + users + grantees;
  }

  private static String broker(int pods, Duration autosave, String subjects) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttBroker
           metadata: {name: %s}
           spec:
             replicas: %d
             storage: {autosaveInterval: %ds}
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttAcl
           metadata: {name: load}
           spec:
             brokerRef: {name: %s}
             subjects: [%s]
             rules: [{topics: ["%s/#"], access: [Publish, Subscribe]}]
           """
        .formatted(
            ChaosRun.BROKER, pods, autosave.toSeconds(), ChaosRun.BROKER, subjects, ChaosRun.LOAD);
  }

  private static String user(String name) {
    return """
           ---
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec: {brokerRef: {name: %s}}
           """
        .formatted(name, ChaosRun.BROKER);
  }
}
