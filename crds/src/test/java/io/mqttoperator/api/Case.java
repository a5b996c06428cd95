package io.mqttoperator.api;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A manifest, and what the API server says to it.
 *
 * <p>The files hold one document for each case, with the annotations {@code case} and, where it is
 * refused, {@code field} and {@code message} (how the error ends).
 */
record Case(GenericKubernetesResource resource, Map<String, String> annotations) {
  private static final Path FOLDER = Path.of("src/test/resources/manifests");

  static Stream<Case> in(String... files) {
    return Stream.of(files).map(FOLDER::resolve).flatMap(Case::read);
  }

  private static Stream<Case> read(Path file) {
    try {
      return Stream.of(Files.readString(file).split("(?m)^---\\n"))
          .filter(document -> document.contains("kind:"))
          .map(document -> Serialization.unmarshal(document, GenericKubernetesResource.class))
          .map(
              resource -> {
                var annotations = resource.getMetadata().getAnnotations();
                resource.getMetadata().setAnnotations(null);
                return new Case(complete(resource), annotations);
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GenericKubernetesResource complete(GenericKubernetesResource resource) {
    resource.setApiVersion("mqttoperator.io/v1alpha1");
    resource.getMetadata().setNamespace("default");
    return resource;
  }

  String field() {
    return annotations.getOrDefault("field", "");
  }

  String message() {
    return annotations.getOrDefault("message", "");
  }

  @Override
  public String toString() {
    return resource.getKind() + ": " + annotations.get("case");
  }
}
