package io.mqttoperator.operator.app;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.List;

/** Counts what the API server answers. No label holds a name. */
final class RequestMetrics implements Interceptor {

  static final String NAME = "metrics";

  private final MeterRegistry registry;

  RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    Counter.builder("mqtt_operator_api_requests")
        .description("Requests that the API server has answered")
        .tag("method", request.method())
        .tag("code", String.valueOf(response.code()))
        .register(registry)
        .increment();
  }
}
