package io.mqttoperator.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The operator's own pod. */
record OperatorPod(KubernetesClient client) {

  private static final Pattern STARTED = Pattern.compile("all caches are filled, (\\d+) ms");
  private static final Pattern PROCESSOR_TIME =
      Pattern.compile("(?m)^process_cpu_time_ns_total (\\S+)$");

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  private Optional<Pod> pod() {
    return client
        .pods()
        .inAnyNamespace()
        .withLabels(
            Map.of(
                "app.kubernetes.io/name", "mqtt-operator",
                "app.kubernetes.io/component", "operator"))
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .findFirst();
  }

  /** Resident memory as the kubelet measures it (it looks every 10 to 20 seconds). */
  String memory() throws IOException {
    var pod = pod();
    if (pod.isEmpty()) {
      return "not in a pod";
    }
    var summary =
        client.raw(
            "/api/v1/nodes/%s/proxy/stats/summary".formatted(pod.get().getSpec().getNodeName()));
    for (JsonNode found : JSON.readTree(summary).path("pods")) {
      if (pod.get().getMetadata().getUid().equals(found.path("podRef").path("uid").asText())) {
        return "%d MiB".formatted(found.path("memory").path("rssBytes").asLong() / (1024 * 1024));
      }
    }
    return "the kubelet does not tell";
  }

  /** Its metrics, as Prometheus asks for them; empty where it is in no pod. */
  String scrape() {
    var address = pod().map(pod -> pod.getStatus().getPodIP());
    if (address.isEmpty()) {
      return "";
    }
    try {
      var asked =
          HttpRequest.newBuilder(URI.create("http://%s:8080/metrics".formatted(address.get())));
      return HTTP.send(asked.build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException unreachable) {
      throw new UncheckedIOException(unreachable);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(ended);
    }
  }

  /** All processor time that it has taken. */
  Duration processorTime() {
    var found = PROCESSOR_TIME.matcher(scrape());
    return found.find()
        ? Duration.ofNanos((long) Double.parseDouble(found.group(1)))
        : Duration.ZERO;
  }

  /** From the start of the process to full caches, as it logs itself. */
  String startUp() {
    return pod()
        .map(
            pod ->
                client
                    .pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .getLog())
        .map(STARTED::matcher)
        .filter(java.util.regex.Matcher::find)
        .map(found -> "%.1f s".formatted(Integer.parseInt(found.group(1)) / 1000.0))
        .orElse("not in its log");
  }

  String image() {
    return pod()
        .map(pod -> pod.getSpec().getContainers().getFirst().getImage())
        .orElse("not in a pod");
  }
}
