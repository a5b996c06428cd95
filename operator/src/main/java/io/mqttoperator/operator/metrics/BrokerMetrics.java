package io.mqttoperator.operator.metrics;

import io.fabric8.kubernetes.api.model.Condition;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerStatus;
import io.mqttoperator.api.MqttBrokerStatus.AccessStatus;
import io.mqttoperator.api.MqttBrokerStatus.PodStatus;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserStatus.UserCertificateStatus;
import io.mqttoperator.operator.access.ClientCertificate;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.kube.Caches;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.mqtt.PodReport;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All brokers, as they are known at the moment of a scrape: a broker that is gone has no series
 * left. Only the operator that works tells: of several, each would count a broker again.
 */
public final class BrokerMetrics implements MultiCollector {

  private static final double NANOS = 1e9;
  private static final List<String> STATUSES = List.of("true", "false", "unknown");

  private final Caches caches;
  private final Supplier<Map<ResourceKey, Map<String, PodReport>>> pods;
  private final BooleanSupplier works;
  private final Clock clock;

  /**
   * @param pods what is known of pods: by broker, then by name
   * @param works whether this operator leads
   */
  public BrokerMetrics(
      Caches caches,
      Supplier<Map<ResourceKey, Map<String, PodReport>>> pods,
      BooleanSupplier works,
      Clock clock) {
    this.caches = caches;
    this.pods = pods;
    this.works = works;
    this.clock = clock;
  }

  @Override
  public MetricSnapshots collect() {
    var series = new Series();
    if (works.getAsBoolean()) {
      var told = pods.get();
      caches.brokers.all().forEach(broker -> new Reading(series, broker).add(told));
    }
    return series.snapshots();
  }

  private final class Reading {

    private final Series series;
    private final MqttBroker broker;
    private final ResourceKey key;

    Reading(Series series, MqttBroker broker) {
      this.series = series;
      this.broker = broker;
      this.key = ResourceKey.of(broker);
    }

    void add(Map<ResourceKey, Map<String, PodReport>> told) {
      spec();
      if (broker.getStatus() != null) {
        status(broker.getStatus());
      }
      access();
      told.getOrDefault(key, Map.of()).forEach(this::pod);
    }

    private void value(BrokerMetric metric, double value, String... labels) {
      series.add(
          metric,
          value,
          Stream.concat(Stream.of(key.namespace(), key.name()), Stream.of(labels))
              .toArray(String[]::new));
    }

    private void spec() {
      var spec = broker.getSpec();
      value(
          BrokerMetric.REPLICAS_WANTED,
          spec == null || spec.replicas() == null ? 1 : spec.replicas());
      ListenerProfile.maxConnections(spec == null ? null : spec.listeners())
          .forEach((listener, most) -> value(BrokerMetric.LISTENER_LIMIT, most, listener));
    }

    private void status(MqttBrokerStatus status) {
      value(BrokerMetric.REPLICAS, Objects.requireNonNullElse(status.replicas(), 0));
      value(BrokerMetric.REPLICAS_READY, Objects.requireNonNullElse(status.readyReplicas(), 0));
      value(BrokerMetric.WARNINGS, Objects.requireNonNullElse(status.warnings(), List.of()).size());
      Objects.requireNonNullElse(status.conditions(), List.<Condition>of())
          .forEach(this::condition);
      if (status.certificates() != null) {
        for (var certificate : status.certificates()) {
          value(
              BrokerMetric.CERTIFICATE_END,
              seconds(Instant.parse(certificate.notAfter())),
              certificate.name());
          if (certificate.renewAt() != null) {
            value(
                BrokerMetric.CERTIFICATE_RENEWAL,
                seconds(Instant.parse(certificate.renewAt())),
                certificate.name());
          }
        }
      }
      if (status.access() != null) {
        value(BrokerMetric.RULES, status.access().rules());
        enforcing(status, status.access());
      }
    }

    private void enforcing(MqttBrokerStatus status, AccessStatus access) {
      value(BrokerMetric.PODS_ENFORCING, 0);
      for (var pod : Objects.requireNonNullElse(status.pods(), List.<PodStatus>of())) {
        var enforces = access.revision().equals(pod.accessRevision()) ? 1 : 0;
        value(BrokerMetric.PODS_ENFORCING, enforces);
        value(BrokerMetric.ACCESS_ENFORCED, enforces, pod.name());
      }
    }

    private void condition(Condition condition) {
      var now = condition.getStatus().toLowerCase(Locale.ROOT);
      for (var status : STATUSES) {
        value(BrokerMetric.CONDITION, status.equals(now) ? 1 : 0, condition.getType(), status);
      }
      if (!now.equals("true")) {
        value(BrokerMetric.CONDITION_REASON, 1, condition.getType(), condition.getReason());
      }
      value(
          BrokerMetric.CONDITION_CHANGED,
          seconds(Instant.parse(condition.getLastTransitionTime())),
          condition.getType());
    }

    private void access() {
      for (var status : STATUSES) {
        value(BrokerMetric.USERS, 0, status);
        value(BrokerMetric.ACLS, 0, status);
      }
      var certificates = new ClientCertificates();
      for (MqttUser user : caches.users.of(key)) {
        var status = user.getStatus();
        value(BrokerMetric.USERS, 1, ready(status == null ? null : status.conditions()));
        if (status != null && status.certificate() != null) {
          certificates.add(status.certificate());
        }
      }
      for (MqttAcl acl : caches.acls.of(key)) {
        var status = acl.getStatus();
        value(BrokerMetric.ACLS, 1, ready(status == null ? null : status.conditions()));
      }
      value(BrokerMetric.CLIENT_CERTIFICATES, certificates.count);
      value(BrokerMetric.CLIENT_CERTIFICATES_DUE, certificates.overdue);
      if (certificates.first.isBefore(Instant.MAX)) {
        value(BrokerMetric.CLIENT_CERTIFICATE_END, seconds(certificates.first));
      }
    }

    private static String ready(@Nullable List<Condition> conditions) {
      return Conditions.find(conditions, Conditions.READY)
          .map(condition -> condition.getStatus().toLowerCase(Locale.ROOT))
          .orElse("unknown");
    }

    private void pod(String name, PodReport report) {
      for (var metric : BrokerMetric.values()) {
        metric
            .figure()
            .map(report.figures()::get)
            .ifPresent(told -> value(metric, told.doubleValue(), name));
      }
      report
          .enforcement()
          .ifPresent(
              enforcement -> {
                value(BrokerMetric.ACCESS_SINCE, seconds(enforcement.since()), name);
                value(
                    BrokerMetric.LONGEST_ANSWER,
                    enforcement.longestAnswer().toNanos() / NANOS,
                    name);
              });
    }
  }

  private final class ClientCertificates {

    private final Instant now = clock.instant();
    private int count;
    private int overdue;
    private Instant first = Instant.MAX;

    void add(UserCertificateStatus certificate) {
      count++;
      if (ClientCertificate.isOverdue(Instant.parse(certificate.renewAt()), now)) {
        overdue++;
      }
      var end = Instant.parse(certificate.notAfter());
      first = end.isBefore(first) ? end : first;
    }
  }

  private static double seconds(Instant instant) {
    return instant.getEpochSecond();
  }
}
