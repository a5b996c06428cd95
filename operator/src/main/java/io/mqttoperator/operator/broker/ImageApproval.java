package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.broker.ImageTrial.Failed;
import io.mqttoperator.operator.broker.ImageTrial.Passed;
import io.mqttoperator.operator.broker.ImageTrial.Waiting;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets an image into a broker's pods only when a trial pod has shown that it is a Mosquitto we can
 * run: a wrong one never replaces a broker that runs.
 */
final class ImageApproval {

  /** After this an image that failed is tried again: a tag may have moved. */
  private static final Duration FAILURE_STANDS = Duration.ofMinutes(10);

  private record Refusal(Verdict verdict, Instant until) {}

  private final Applier applier;
  private final Clock clock;
  private final Map<String, String> passed = new ConcurrentHashMap<>();
  private final Map<String, Refusal> refused = new ConcurrentHashMap<>();

  ImageApproval(Applier applier, Clock clock) {
    this.applier = applier;
    this.clock = clock;
  }

  /** The verdict on the image, after the next step of a trial if it needs one. */
  Verdict judge(BrokerProfile profile, WorkloadBlueprint blueprint, BrokerObservation seen) {
    var image = profile.image();
    if (runs(seen, image) || passed.containsKey(image)) {
      seen.imageTrial().ifPresent(applier::delete);
      return approved(image);
    }
    var refusal = refused.get(image);
    if (refusal != null && refusal.until().isAfter(clock.instant())) {
      return refusal.verdict();
    }
    return advance(profile, blueprint, seen);
  }

  private Verdict advance(
      BrokerProfile profile, WorkloadBlueprint blueprint, BrokerObservation seen) {
    var image = profile.image();
    var pod = seen.imageTrial();
    // Another image, or another node selector: one that no node took would wait for ever.
    if (pod.isPresent() && Applier.isMadeOtherwise(pod.get(), blueprint.imageTrial())) {
      applier.delete(pod.get());
      return Verdict.unknown(Reason.STARTING, "Image %s is to be tried.".formatted(image));
    }
    if (pod.isEmpty()) {
      applier.apply(blueprint.imageTrial(), null, profile.broker());
    }
    return switch (pod.map(trial -> ImageTrial.read(trial, image)).orElse(waiting(image))) {
      case Passed version -> {
        passed.put(image, version.version());
        pod.ifPresent(applier::delete);
        yield approved(image);
      }
      case Failed failed -> {
        if (failed.verdict().reason() != Reason.IMAGE_PULL_FAILED) {
          refused.put(image, new Refusal(failed.verdict(), clock.instant().plus(FAILURE_STANDS)));
          pod.ifPresent(applier::delete);
        }
        yield failed.verdict();
      }
      case Waiting waiting -> waiting.verdict();
    };
  }

  private static ImageTrial waiting(String image) {
    return new Waiting(
        Verdict.unknown(Reason.STARTING, "Image %s is being tried in a pod.".formatted(image)));
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
