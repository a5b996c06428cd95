package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.Star;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.ApiRefusal;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.Drift;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.NameTaken;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.Requirements;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Writes what is no secret: accounts, Services, policies, and last the StatefulSet. */
public final class WorkloadPass {

  private static final long MEBIBYTE = 1 << 20;

  private final Applier applier;
  private final ImageApproval images;
  private final DataVolume volume;
  private final String operatorNamespace;

  public WorkloadPass(
      Applier applier, ImageApproval images, DataVolume volume, String operatorNamespace) {
    this.applier = applier;
    this.images = images;
    this.volume = volume;
    this.operatorNamespace = operatorNamespace;
  }

  /** The StatefulSet as it now is, and whether all of the spec is in effect or on its way. */
  public record Outcome(Verdict accepted, Optional<StatefulSet> statefulSet) {}

  /** Whether a pod can hold what the limits promise; checked before anything is written. */
  public static Optional<Verdict> refuse(
      BrokerProfile profile, Requirements needs, BrokerObservation seen) {
    var heapTooSmall = needs.heapTooSmall();
    if (heapTooSmall.isPresent()) {
      return Optional.of(Verdict.no(Reason.TOO_LARGE, heapTooSmall.get()));
    }
    var resources = PodResources.of(profile, needs, seen.statefulSet());
    var limit = PodResources.memoryLimit(resources);
    if (limit.isPresent() && limit.getAsLong() < needs.memoryBytes()) {
      return Optional.of(
          Verdict.no(
              Reason.TOO_LARGE,
              ("The pod's memory limit is %d bytes, but the connection limits%s need %d. %s Lower"
                      + " maxConnections%s, or raise spec.resources.limits.memory to %dMi or more,"
                      + " which restarts the pod.")
                  .formatted(
                      limit.getAsLong(),
                      needs.messages().isSet() ? " and spec.limits" : "",
                      needs.memoryBytes(),
                      needs.explain(),
                      needs.messages().isSet() ? " or what spec.limits promises" : "",
                      Math.ceilDiv(needs.memoryBytes(), MEBIBYTE))));
    }
    return otherStorage(profile, seen).or(() -> VolumeGrowth.refuse(profile, seen));
  }

  private static Optional<Verdict> otherStorage(BrokerProfile profile, BrokerObservation seen) {
    if (seen.statefulSet().isEmpty()) {
      return Optional.empty();
    }
    var claims = seen.statefulSet().get().getSpec().getVolumeClaimTemplates();
    var isEphemeral = claims == null || claims.isEmpty();
    var same =
        isEphemeral == profile.isEphemeral()
            && (isEphemeral || sameClass(claims.getFirst(), profile));
    return same
        ? Optional.empty()
        : Optional.of(
            Verdict.no(
                Reason.INVALID,
                "spec.storage: storageClassName and ephemeral cannot be changed once the broker has"
                    + " a volume. Set them back, or make a new broker."));
  }

  private static boolean sameClass(
      io.fabric8.kubernetes.api.model.PersistentVolumeClaim claim, BrokerProfile profile) {
    return Objects.equals(
        claim.getSpec().getStorageClassName(), profile.storage().storageClassName());
  }

  /** Whether the image may run in the broker's pods, after the next step of its trial. */
  public Verdict judgeImage(BrokerProfile profile, Requirements needs, BrokerObservation seen) {
    var blueprint = blueprint(profile, needs, seen);
    return guarded(
        () -> {
          apply(blueprint.serviceAccount(), seen, profile);
          return images.judge(profile, seen);
        },
        refusal -> refusal);
  }

  /** Writes all of it, as far as names are free. */
  public Outcome write(BrokerProfile profile, Requirements needs, BrokerObservation seen) {
    var network = new NetworkBlueprint(profile, Star.size(profile, seen) > 1, operatorNamespace);
    var services = new ServiceBlueprint(profile);
    var blueprint = blueprint(profile, needs, seen);
    return guarded(
        () -> {
          apply(blueprint.serviceAccount(), seen, profile);
          apply(new SecretBlueprint(profile).supervisor(), seen, profile);
          apply(services.podsService(), seen, profile);
          apply(services.service(), seen, profile);
          apply(network.networkPolicy(), seen, profile);
          apply(blueprint.disruptionBudget(), seen, profile);
          volume.requireFree(profile, seen);
          var ungrown = volume.grow(profile, seen);
          var set = VolumeGrowth.keepTemplate(blueprint.statefulSet(seen.statefulSet()), seen);
          return new Outcome(
              ungrown.orElseGet(
                  () ->
                      Verdict.yes(
                          Reason.ACCEPTED,
                          "The spec is valid." + VolumeGrowth.progress(profile, seen))),
              Optional.of(apply(set, seen, profile)));
        },
        refusal -> new Outcome(refusal, seen.statefulSet()));
  }

  /** Whether what is asked for is another pod template than that of the pods that are there. */
  public static boolean restarts(
      BrokerProfile profile, Requirements needs, BrokerObservation seen) {
    var template = blueprint(profile, needs, seen).templateDigest();
    return seen.statefulSet()
        .map(Drift::annotations)
        .map(annotations -> annotations.get(Labels.TEMPLATE))
        .filter(present -> !present.equals(template))
        .isPresent();
  }

  /** Lets a change of the pod template go on to the next pod. */
  public StatefulSet advance(
      BrokerProfile profile,
      Requirements needs,
      StatefulSet set,
      BrokerObservation seen,
      int partition) {
    return applier.apply(
        blueprint(profile, needs, seen).statefulSet(partition), set, profile.broker());
  }

  private static WorkloadBlueprint blueprint(
      BrokerProfile profile, Requirements needs, BrokerObservation seen) {
    return new WorkloadBlueprint(profile, PodResources.of(profile, needs, seen.statefulSet()));
  }

  /** What the API server will not take is a refusal: proofs and revocations go on without it. */
  static <T> T guarded(Supplier<T> write, Function<Verdict, T> refused) {
    try {
      return write.get();
    } catch (NameTaken taken) {
      return refused.apply(Verdict.no(Reason.NAME_TAKEN, Objects.toString(taken.getMessage(), "")));
    } catch (KubernetesClientException failed) {
      if (!ApiRefusal.isOfContent(failed)) {
        throw failed;
      }
      // The API server knows what our schema does not: a malformed toleration, a quota.
      return refused.apply(Verdict.no(Reason.INVALID, ApiRefusal.sentence(failed)));
    }
  }

  private <T extends HasMetadata> T apply(
      T desired, BrokerObservation seen, BrokerProfile profile) {
    return applier.apply(desired, Existing.of(desired, seen), profile.broker());
  }
}
