package io.mqttoperator.operator.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** {@code /healthz}, {@code /readyz} and {@code /metrics}: no secret is in any of them. */
final class HttpEndpoints implements AutoCloseable {

  private final HttpServer server;

  HttpEndpoints(int port, Health health, PrometheusMeterRegistry metrics) throws IOException {
    server = HttpServer.create(new InetSocketAddress(port), 16);
    server.setExecutor(
        Executors.newFixedThreadPool(2, Thread.ofPlatform().name("http-", 0).daemon().factory()));
    server.createContext("/healthz", exchange -> answer(exchange, health.isAlive()));
    server.createContext("/readyz", exchange -> answer(exchange, health.isReady()));
    server.createContext(
        "/metrics", exchange -> send(exchange, 200, "text/plain; version=0.0.4", metrics.scrape()));
    server.start();
  }

  private static void answer(HttpExchange exchange, boolean isWell) throws IOException {
    send(exchange, isWell ? 200 : 503, "text/plain", isWell ? "ok\n" : "not yet\n");
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    try (exchange) {
      var body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
