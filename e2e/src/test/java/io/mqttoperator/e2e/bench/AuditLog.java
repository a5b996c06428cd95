package io.mqttoperator.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The API server's audit log (one line of JSON for each request), which holds what the operator
 * wrote.
 */
record AuditLog(Path file, String namespace) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The operator's writes in the namespace between two times, divided by the number of changes, as
   * one cell of a table.
   */
  String writes(Instant from, Instant to, int changes) throws IOException {
    if (!Files.isReadable(file)) {
      return "no audit log";
    }
    Map<String, Long> counted;
    try (var lines = Files.lines(file)) {
      counted =
          lines
              .filter(line -> line.contains('"' + namespace + '"'))
              .map(AuditLog::read)
              .filter(entry -> isOperators(entry) && isWithin(entry, from, to))
              .collect(Collectors.groupingBy(AuditLog::what, TreeMap::new, Collectors.counting()));
    }
    var total = counted.values().stream().mapToLong(Long::longValue).sum();
    return "%.1f%s"
        .formatted(
            (double) total / changes,
            counted.entrySet().stream()
                .map(
                    entry ->
                        "%s %.1f".formatted(entry.getKey(), (double) entry.getValue() / changes))
                .collect(Collectors.joining(", ", total == 0 ? "" : " (", total == 0 ? "" : ")")));
  }

  private static JsonNode read(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The operator's client calls itself so. */
  private boolean isOperators(JsonNode entry) {
    return entry.path("userAgent").asText().startsWith("mqtt-operator")
        && namespace.equals(entry.path("objectRef").path("namespace").asText())
        && "ResponseComplete".equals(entry.path("stage").asText());
  }

  private static boolean isWithin(JsonNode entry, Instant from, Instant to) {
    var received = Instant.parse(entry.path("requestReceivedTimestamp").asText());
    return !received.isBefore(from) && received.isBefore(to);
  }

  private static String what(JsonNode entry) {
    var object = entry.path("objectRef");
    var subresource = object.path("subresource").asText();
    return "%s %s%s"
        .formatted(
            entry.path("verb").asText(),
            object.path("resource").asText(),
            subresource.isEmpty() ? "" : "/" + subresource);
  }
}
