package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimCondition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What becomes of a broker's claims when {@code spec.storage.size} changes: they are asked to grow
 * one by one, for the template that they are made of can never be changed. Pure.
 */
final class VolumeGrowth {

  private static final String STORAGE = "storage";

  private VolumeGrowth() {}

  /** Why the size cannot be: Kubernetes never makes a claim smaller. */
  static Optional<Verdict> refuse(BrokerProfile profile, BrokerObservation seen) {
    return claims(profile, seen).stream()
        .filter(claim -> isLess(wanted(profile), asked(claim)))
        .max(Comparator.comparing(claim -> bytes(asked(claim))))
        .map(
            claim ->
                Verdict.no(
                    Reason.INVALID,
                    ("spec.storage.size is %s, but PersistentVolumeClaim %s has %s: a volume cannot"
                            + " shrink. Set the size to %s or more.")
                        .formatted(
                            wanted(profile),
                            claim.getMetadata().getName(),
                            asked(claim),
                            asked(claim))));
  }

  /** The claims to be made larger now. One that is not bound yet cannot be. */
  static List<PersistentVolumeClaim> due(BrokerProfile profile, BrokerObservation seen) {
    return claims(profile, seen).stream()
        .filter(claim -> claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase()))
        .filter(claim -> isLess(asked(claim), wanted(profile)))
        .toList();
  }

  /** What the API server would not do, with its words. */
  static Verdict refused(PersistentVolumeClaim claim, BrokerProfile profile, String said) {
    return Verdict.no(
        Reason.INVALID,
        ("spec.storage.size is %s, but PersistentVolumeClaim %s has %s and cannot grow. Only a"
                + " class with allowVolumeExpansion lets volumes grow, and its class is %s. Set the"
                + " size back, or change the class. The API server says: %s")
            .formatted(
                wanted(profile),
                claim.getMetadata().getName(),
                asked(claim),
                Optional.ofNullable(claim.getSpec().getStorageClassName())
                    .filter(name -> !name.isEmpty())
                    .map(name -> "StorageClass " + name)
                    .orElse("none"),
                said));
  }

  /** Sentences on claims that have not all that they were asked for; empty if none. */
  static String progress(BrokerProfile profile, BrokerObservation seen) {
    return claims(profile, seen).stream()
        .filter(claim -> claim.getStatus() != null && claim.getStatus().getCapacity() != null)
        .filter(claim -> claim.getStatus().getCapacity().get(STORAGE) != null)
        .filter(claim -> isLess(capacity(claim), asked(claim)))
        .map(
            claim ->
                " PersistentVolumeClaim %s grows from %s to %s%s."
                    .formatted(
                        claim.getMetadata().getName(),
                        capacity(claim),
                        asked(claim),
                        stage(claim.getStatus())))
        .collect(Collectors.joining());
  }

  private static String stage(PersistentVolumeClaimStatus status) {
    var conditions =
        Objects.requireNonNullElse(
            status.getConditions(), List.<PersistentVolumeClaimCondition>of());
    return conditions.stream()
            .filter(condition -> "True".equals(condition.getStatus()))
            .map(condition -> condition.getType())
            .anyMatch("FileSystemResizePending"::equals)
        ? ": the volume has grown, its file system follows on the pod's node (some drivers need the"
            + " pod to be deleted for that)"
        : "";
  }

  /** The template as it is: the API server takes no other. */
  static StatefulSet keepTemplate(StatefulSet desired, BrokerObservation seen) {
    var ours = template(desired);
    var present = seen.statefulSet().flatMap(VolumeGrowth::template);
    if (ours.isPresent()
        && present.isPresent()
        && bytes(asked(ours.get())).compareTo(bytes(asked(present.get()))) != 0) {
      ours.get().getSpec().getResources().setRequests(Map.of(STORAGE, asked(present.get())));
    }
    return desired;
  }

  private static Optional<PersistentVolumeClaim> template(StatefulSet set) {
    var templates = set.getSpec().getVolumeClaimTemplates();
    return templates == null ? Optional.empty() : templates.stream().findFirst();
  }

  /** Those that pods mount: not what somebody labelled like them. */
  private static List<PersistentVolumeClaim> claims(BrokerProfile profile, BrokerObservation seen) {
    if (profile.isEphemeral()) {
      return List.of();
    }
    var name = Pattern.compile("data-" + Pattern.quote(profile.names().statefulSet()) + "-[0-9]+");
    return seen.claims().stream()
        .filter(claim -> name.matcher(claim.getMetadata().getName()).matches())
        .filter(
            claim ->
                profile
                    .names()
                    .broker()
                    .equals(claim.getMetadata().getLabels().get(Labels.RETAINED_FOR)))
        .toList();
  }

  private static Quantity wanted(BrokerProfile profile) {
    return Objects.requireNonNull(profile.storage().size());
  }

  private static Quantity asked(PersistentVolumeClaim claim) {
    return Objects.requireNonNull(claim.getSpec().getResources().getRequests().get(STORAGE));
  }

  private static Quantity capacity(PersistentVolumeClaim claim) {
    return Objects.requireNonNull(claim.getStatus().getCapacity().get(STORAGE));
  }

  private static boolean isLess(Quantity one, Quantity other) {
    return bytes(one).compareTo(bytes(other)) < 0;
  }

  private static BigDecimal bytes(Quantity quantity) {
    return Quantity.getAmountInBytes(quantity);
  }
}
