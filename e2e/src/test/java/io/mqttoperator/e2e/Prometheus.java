package io.mqttoperator.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A Prometheus of its own, on loopback, that scrapes each second. */
public final class Prometheus implements AutoCloseable {

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  /**
   * Starts it, and waits until it has scraped.
   *
   * @param targets hosts and ports of {@code /metrics}
   */
  Prometheus(Path folder, List<String> targets) throws IOException {
    this(folder, targets, List.of());
  }

  /**
   * Starts it with rules, which it evaluates each second, and waits until it has scraped.
   *
   * @param targets hosts and ports of {@code /metrics}
   * @param rules files
   */
  public Prometheus(Path folder, List<String> targets, List<Path> rules) throws IOException {
    var config = folder.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [%s]
        scrape_configs:
          - job_name: mqtt-operator
            honor_labels: true
            static_configs:
              # As the Prometheus operator labels what it scrapes.
              - {targets: [%s], labels: {namespace: mqtt-operator, pod: mqtt-operator-0}}
        """
            .formatted(
                rules.stream().map(Path::toString).collect(Collectors.joining(",")),
                String.join(",", targets)));
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> query("up == 1").size() == targets.size());
  }

  /** The series that an expression answers now. */
  public JsonNode query(String expression) {
    return get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .path("result");
  }

  /** The alerts that are pending or firing now. */
  public JsonNode alerts() {
    return get("alerts").path("alerts");
  }

  private JsonNode get(String path) {
    try {
      var answer =
          http.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:%d/api/v1/%s".formatted(port, path)))
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalArgumentException(path + ": " + answer.body());
      }
      return new ObjectMapper().readTree(answer.body()).path("data");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  @Override
  public void close() {
    process.destroy();
    http.close();
  }
}
