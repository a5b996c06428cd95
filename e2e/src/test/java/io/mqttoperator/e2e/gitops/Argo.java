package io.mqttoperator.e2e.gitops;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.mqttoperator.e2e.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What Argo CD says of its Application {@code mqtt}. */
record Argo(Versions application) implements Tool {

  static Argo in(Cluster cluster) {
    return new Argo(new Versions(cluster, "argoproj.io/v1alpha1", "Application"));
  }

  @Override
  public String manifest() {
    return "argocd/production/mqtt.yaml";
  }

  List<GenericKubernetesResource> versions() {
    return application.seen();
  }

  @Override
  public GenericKubernetesResource awaitApplied(String commit) {
    return await(commit, "Synced", "Healthy");
  }

  GenericKubernetesResource await(String commit, String sync, String health) {
    return application.await(
        "Argo CD calls " + commit + " " + sync + " and " + health,
        version ->
            commit.equals(version.get("status", "sync", "revision"))
                && sync.equals(version.get("status", "sync", "status"))
                && health.equals(health(version)));
  }

  /**
   * Waits until an object of this kind could not be synced to a commit; returns why. The sync as a
   * whole has not failed then: Argo CD tries it some times more.
   */
  String awaitFailed(String commit, String kind) {
    return application.awaitSome(
        "Argo CD fails on a " + kind + " of " + commit, version -> failure(version, commit, kind));
  }

  private static Optional<String> failure(
      GenericKubernetesResource version, String commit, String kind) {
    if (!commit.equals(version.get("status", "operationState", "syncResult", "revision"))) {
      return Optional.empty();
    }
    List<Map<String, Object>> results =
        version.get("status", "operationState", "syncResult", "resources");
    return Objects.requireNonNullElse(results, List.<Map<String, Object>>of()).stream()
        .filter(result -> kind.equals(result.get("kind")))
        .filter(result -> "SyncFailed".equals(result.get("status")))
        .map(result -> String.valueOf(result.get("message")))
        .findFirst();
  }

  /** Waits until it could not delete what the Application has; returns why. */
  String awaitDeletionError() {
    return application.awaitSome(
        "Argo CD cannot delete all",
        version -> {
          List<Map<String, Object>> conditions = version.get("status", "conditions");
          return Objects.requireNonNullElse(conditions, List.<Map<String, Object>>of()).stream()
              .filter(condition -> "DeletionError".equals(condition.get("type")))
              .map(condition -> String.valueOf(condition.get("message")))
              .findFirst();
        });
  }

  static String health(GenericKubernetesResource version) {
    return Objects.requireNonNullElse(version.get("status", "health", "status"), "Missing");
  }

  /** The health of each object that has one, by kind and name, with its message. */
  static Map<String, String> healths(GenericKubernetesResource version) {
    List<Map<String, Object>> resources = version.get("status", "resources");
    return resources.stream()
        .filter(resource -> resource.get("health") != null)
        .collect(
            Collectors.toMap(
                resource -> resource.get("kind") + "/" + resource.get("name"),
                resource -> resource.get("health").toString()));
  }

  @Override
  public void close() {
    application.close();
  }
}
