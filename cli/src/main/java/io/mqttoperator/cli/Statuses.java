package io.mqttoperator.cli;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.cli.source.ResourceId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the status of a resource says beside what is decided from its spec. */
final class Statuses {

  private Statuses() {}

  /** A condition, if it is about the resource as it is now. */
  static Optional<Condition> condition(HasMetadata resource, String type) {
    var status =
        switch (resource) {
          case MqttUser user when user.getStatus() != null ->
              new Seen(user.getStatus().observedGeneration(), user.getStatus().conditions());
          case MqttAcl acl when acl.getStatus() != null ->
              new Seen(acl.getStatus().observedGeneration(), acl.getStatus().conditions());
          default -> new Seen(null, null);
        };
    if (!Objects.equals(status.generation(), resource.getMetadata().getGeneration())) {
      return Optional.empty();
    }
    return Optional.ofNullable(status.conditions()).stream()
        .flatMap(List::stream)
        .filter(condition -> type.equals(condition.getType()))
        .findFirst();
  }

  /** Why a resource of a cluster does not hold on every pod yet; empty where it is proven to. */
  static Optional<String> unproven(HasMetadata resource) {
    var enforced = condition(resource, "Enforced");
    if (enforced.isPresent() && "True".equals(enforced.get().getStatus())) {
      return Optional.empty();
    }
    var accepted =
        condition(resource, "Accepted").filter(found -> !"True".equals(found.getStatus()));
    return Optional.of(
        accepted
            .or(() -> enforced)
            .map(
                found ->
                    "%s has %s %s (%s): %s"
                        .formatted(
                            ResourceId.of(resource),
                            found.getType(),
                            found.getStatus(),
                            found.getReason(),
                            found.getMessage()))
            .orElseGet(
                () ->
                    "%s has changed, and the operator has not said yet that it is enforced."
                        .formatted(ResourceId.of(resource))));
  }

  private record Seen(@Nullable Long generation, @Nullable List<Condition> conditions) {}
}
