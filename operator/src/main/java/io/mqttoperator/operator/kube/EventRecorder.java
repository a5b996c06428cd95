package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events for people: what happened to their resource. Losing one harms nothing. */
public final class EventRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final Clock clock;
  private final String instance;

  /** Two events may fall into one tick of the clock. */
  private final AtomicLong count = new AtomicLong();

  /**
   * Records as one instance of the operator.
   *
   * @param instance the operator pod's name
   */
  public EventRecorder(KubernetesClient client, Clock clock, String instance) {
    this.client = client;
    this.clock = clock;
    this.instance = instance;
  }

  /** Something went as asked. */
  public void normal(HasMetadata about, String reason, String message) {
    record(about, "Normal", reason, message);
  }

  /** Something needs a person. */
  public void warning(HasMetadata about, String reason, String message) {
    record(about, "Warning", reason, message);
  }

  /** As client-go names events: the object's name and the time in nanoseconds. */
  private String nameFor(HasMetadata about) {
    var now = clock.instant();
    var nanoseconds =
        now.getEpochSecond() * 1_000_000_000L + now.getNano() + count.getAndIncrement();
    return about.getMetadata().getName() + "." + Long.toHexString(nanoseconds);
  }

  private void record(HasMetadata about, String type, String reason, String message) {
    LOG.info("{} {}: {}: {}", about.getKind(), ResourceKey.of(about), reason, message);
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(about.getMetadata().getNamespace())
            .withName(nameFor(about))
            .endMetadata()
            .withEventTime(new MicroTime(MICROSECONDS.format(clock.instant())))
            .withType(type)
            .withReason(reason)
            .withAction("Reconcile")
            .withNote(Conditions.printable(message))
            .withReportingController("mqttoperator.io/mqtt-operator")
            .withReportingInstance(instance)
            .withRegarding(
                new ObjectReferenceBuilder()
                    .withApiVersion(about.getApiVersion())
                    .withKind(about.getKind())
                    .withNamespace(about.getMetadata().getNamespace())
                    .withName(about.getMetadata().getName())
                    .withUid(about.getMetadata().getUid())
                    .build())
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException refused) {
      LOG.warn("an event could not be recorded: {}", refused.getMessage());
    }
  }
}
