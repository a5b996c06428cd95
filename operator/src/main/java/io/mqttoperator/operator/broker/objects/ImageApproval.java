package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.ImageTrial;
import io.mqttoperator.operator.broker.observation.ImageTrial.Aborted;
import io.mqttoperator.operator.broker.observation.ImageTrial.Failed;
import io.mqttoperator.operator.broker.observation.ImageTrial.Passed;
import io.mqttoperator.operator.broker.observation.ImageTrial.Waiting;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets an image into a broker's pods only when a trial pod has shown that it is a Mosquitto we can
 * run: a wrong one never replaces a broker that runs.
 */
public final class ImageApproval {

  /** After this an image that failed is tried again: a tag may have moved. */
  private static final Duration FAILURE_STANDS = Duration.ofMinutes(10);

  /** Where a pod ended before the image was tried: its node has to find room. */
  private static final Duration BEFORE_ANOTHER_POD = Duration.ofSeconds(30);

  /**
   * What a trial's result is for. A tag may be another image to another registry's account: nobody
   * profits from a trial in somebody else's namespace, or with somebody else's pull Secrets.
   */
  private record Subject(String namespace, String image, List<String> pullSecrets) {

    static Subject of(Pod trial) {
      var spec = trial.getSpec();
      var pullSecrets =
          Objects.requireNonNullElse(spec.getImagePullSecrets(), List.<LocalObjectReference>of());
      return new Subject(
          trial.getMetadata().getNamespace(),
          spec.getContainers().getFirst().getImage(),
          pullSecrets.stream().map(LocalObjectReference::getName).toList());
    }
  }

  private record Refusal(Verdict verdict, Instant until) {}

  private final Applier applier;
  private final Clock clock;
  private final Set<Subject> passed = ConcurrentHashMap.newKeySet();
  private final Map<Subject, Refusal> refused = new ConcurrentHashMap<>();

  public ImageApproval(Applier applier, Clock clock) {
    this.applier = applier;
    this.clock = clock;
  }

  /** The verdict on the image, after the next step of a trial if it needs one. */
  Verdict judge(BrokerProfile profile, BrokerObservation seen) {
    var wanted = ImageTrialBlueprint.of(profile);
    var subject = Subject.of(wanted);
    if (runs(seen, subject.image()) || passed.contains(subject)) {
      seen.imageTrial().ifPresent(applier::delete);
      return approved(subject.image());
    }
    var refusal = refused.get(subject);
    if (refusal != null && refusal.until().isAfter(clock.instant())) {
      return refusal.verdict();
    }
    var trial = seen.imageTrial();
    if (trial.isEmpty()) {
      applier.apply(wanted, null, profile.broker());
      return ImageTrial.waiting(subject.image()).verdict();
    }
    // Not by its spec: admission may have written another image or more pull Secrets into it.
    if (!Drift.isWrittenAs(wanted, trial.get())) {
      applier.delete(trial.get());
      return Verdict.unknown(
          Reason.STARTING, "Image %s is to be tried.".formatted(subject.image()));
    }
    return conclude(subject, trial.get());
  }

  private Verdict conclude(Subject subject, Pod trial) {
    return switch (ImageTrial.read(trial, subject.image())) {
      case Passed version -> {
        passed.add(subject);
        applier.delete(trial);
        yield approved(subject.image());
      }
      case Failed failed -> {
        if (failed.verdict().reason() != Reason.IMAGE_PULL_FAILED) {
          refuse(subject, failed.verdict(), FAILURE_STANDS);
          applier.delete(trial);
        }
        yield failed.verdict();
      }
      case Aborted aborted -> {
        refuse(subject, aborted.verdict(), BEFORE_ANOTHER_POD);
        applier.delete(trial);
        yield aborted.verdict();
      }
      case Waiting waiting -> waiting.verdict();
    };
  }

  private void refuse(Subject subject, Verdict verdict, Duration time) {
    refused.put(subject, new Refusal(verdict, clock.instant().plus(time)));
  }

  /** Pods of the StatefulSet have this image already: it was tried before. */
  private static boolean runs(BrokerObservation seen, String image) {
    return seen.statefulSet()
        .map(set -> set.getSpec().getTemplate().getSpec().getContainers().getFirst().getImage())
        .filter(image::equals)
        .isPresent();
  }

  private static Verdict approved(String image) {
    return Verdict.yes(Reason.ACCEPTED, "Image %s runs.".formatted(image));
  }
}
