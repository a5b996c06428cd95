package io.mqttoperator.cli.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All that stands in some files.
 *
 * @param problems files and documents that are none
 */
public record ManifestFiles(List<Manifest> manifests, List<Problem> problems) {

  /** Something that cannot be read. */
  public record Problem(String file, int line, String message) {
    @Override
    public String toString() {
      return file + ":" + line + ": " + message;
    }
  }

  public ManifestFiles {
    manifests = List.copyOf(manifests);
    problems = List.copyOf(problems);
  }

  /**
   * Reads files, folders with all below them, and {@code -}, the standard input.
   *
   * @throws IOException if one is not there or cannot be read
   */
  public static ManifestFiles read(List<String> paths) throws IOException {
    var manifests = new ArrayList<Manifest>();
    var problems = new ArrayList<Problem>();
    for (var path : paths) {
      if (path.equals("-")) {
        add("-", System.in.readAllBytes(), manifests, problems);
        continue;
      }
      for (var file : below(Path.of(path))) {
        add(file.toString(), Files.readAllBytes(file), manifests, problems);
      }
    }
    return new ManifestFiles(manifests, problems);
  }

  private static List<Path> below(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (var files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).filter(ManifestFiles::isManifest).sorted().toList();
    }
  }

  /** The same endings as kubectl. */
  private static boolean isManifest(Path file) {
    var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  private static void add(
      String file, byte[] content, List<Manifest> manifests, List<Problem> problems) {
    try {
      for (var document : YamlDocuments.read(new String(content, StandardCharsets.UTF_8))) {
        add(file, document.content(), document.lines(), "", manifests, problems);
      }
    } catch (YamlDocuments.Malformed malformed) {
      problems.add(new Problem(file, malformed.line, "not YAML: " + malformed.getMessage()));
    }
  }

  private static void add(
      String file,
      JsonNode content,
      Map<String, Integer> lines,
      String pointer,
      List<Manifest> manifests,
      List<Problem> problems) {
    if (content.isNull()) {
      return;
    }
    if (!(content instanceof ObjectNode object)
        || object.path("kind").asText("").isEmpty()
        || object.path("apiVersion").asText("").isEmpty()) {
      problems.add(
          new Problem(
              file, lines.getOrDefault(pointer, 1), "no resource: it has no apiVersion and kind"));
      return;
    }
    if (object.path("kind").asText().endsWith("List") && object.path("items").isArray()) {
      for (int i = 0; i < object.path("items").size(); i++) {
        add(file, object.path("items").get(i), lines, pointer + "/items/" + i, manifests, problems);
      }
      return;
    }
    manifests.add(new Manifest(file, object, below(lines, pointer)));
  }

  private static Map<String, Integer> below(Map<String, Integer> lines, String pointer) {
    if (pointer.isEmpty()) {
      return lines;
    }
    var own = new HashMap<String, Integer>();
    lines.forEach(
        (key, line) -> {
          if (key.equals(pointer) || key.startsWith(pointer + "/")) {
            own.put(key.substring(pointer.length()), line);
          }
        });
    return own;
  }
}
