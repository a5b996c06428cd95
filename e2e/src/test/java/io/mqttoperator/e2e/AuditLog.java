package io.mqttoperator.e2e;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The API server's record of all writes, also of those that changed nothing, from the moment on at
 * which it was opened. Only the cluster of {@code e2e/cluster} has one that tests can read.
 */
record AuditLog(Path file, long start) {

  /** The operator's own business, which says nothing of what it manages. */
  private static final Set<String> NOT_COUNTED = Set.of("events", "leases");

  /** A write that the API server has answered. */
  record Write(String verb, String resource, String name) {}

  /** Empty where the cluster is not that of {@code e2e/cluster}: {@code ./verify} says so. */
  static Optional<AuditLog> open() {
    var property = System.getProperty("e2e.audit", "/run/mqtt-operator-cluster/log/audit.jsonl");
    if (property.equals("none")) {
      return Optional.empty();
    }
    var file = Path.of(property);
    try {
      return Optional.of(new AuditLog(file, Files.size(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the operator wrote in a namespace since. */
  List<Write> operatorWrites(String namespace) {
    return lines().stream()
        .filter(line -> line.contains("\"namespace\":\"" + namespace + "\""))
        .map(line -> Serialization.unmarshal(line, Map.class))
        .filter(event -> isOperator(text(event, "user", "username")))
        .filter(event -> "ResponseComplete".equals(event.get("stage")))
        .filter(event -> !NOT_COUNTED.contains(text(event, "objectRef", "resource")))
        .map(
            event ->
                new Write(
                    String.valueOf(event.get("verb")),
                    text(event, "objectRef", "resource"),
                    text(event, "objectRef", "name")))
        .toList();
  }

  private static boolean isOperator(String user) {
    return user.startsWith("system:serviceaccount:" + Cluster.OPERATOR_NAMESPACE + ":");
  }

  private static String text(Map<?, ?> event, String outer, String inner) {
    return event.get(outer) instanceof Map<?, ?> map ? String.valueOf(map.get(inner)) : "";
  }

  /** Whole lines only: the last one may still be on its way. */
  private List<String> lines() {
    try (var channel = FileChannel.open(file)) {
      var bytes = Channels.newInputStream(channel.position(start)).readAllBytes();
      var text = new String(bytes, StandardCharsets.UTF_8);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
