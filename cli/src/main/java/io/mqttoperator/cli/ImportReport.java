package io.mqttoperator.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.moving.LeftOver;
import io.mqttoperator.cli.moving.ManifestYaml;
import io.mqttoperator.cli.moving.Moved;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an import has to say.
 *
 * @param withSecrets whether the hashes of passwords are shown
 */
record ImportReport(Moved moved, boolean withSecrets) {

  /**
   * All resources, in the order in which they are to be applied: rules before the users whom they
   * bind.
   */
  List<ObjectNode> resources() {
    var all = new ArrayList<ObjectNode>();
    all.add(moved.broker());
    all.addAll(moved.acls());
    if (withSecrets) {
      all.addAll(moved.secrets());
    }
    all.addAll(moved.users());
    return all;
  }

  /**
   * Writes a file for each kind, and answers with their paths.
   *
   * @param folder made if it is not there
   */
  List<Path> write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var written = new ArrayList<Path>();
    written.add(write(folder.resolve("1-broker.yaml"), List.of(moved.broker())));
    written.add(write(folder.resolve("2-acls.yaml"), moved.acls()));
    if (withSecrets) {
      written.add(write(folder.resolve("3-secrets.yaml"), moved.secrets()));
    }
    written.add(write(folder.resolve("4-users.yaml"), moved.users()));
    return written;
  }

  /** For its owner alone, from the first byte on. */
  private static Path write(Path file, List<ObjectNode> resources) throws IOException {
    Files.deleteIfExists(file);
    if (Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    return Files.writeString(file, ManifestYaml.of(resources));
  }

  /** A line for each file. */
  static String lines(List<Path> files) {
    return files.stream().map(file -> file + System.lineSeparator()).collect(Collectors.joining());
  }

  /** For people. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    moved.leftOvers().forEach(leftOver -> lines.add(leftOver.toString()));
    lines.add(
        "MqttBroker 1, MqttAcl %d, MqttUser %d, Secret %d; left out %d, changed %d, not needed %d"
            .formatted(
                moved.acls().size(),
                moved.users().size(),
                moved.secrets().size(),
                moved.count(LeftOver.Fate.LEFT_OUT),
                moved.count(LeftOver.Fate.CHANGED),
                moved.count(LeftOver.Fate.NOT_NEEDED)));
    if (!moved.secrets().isEmpty()) {
      lines.add(
          withSecrets
              ? "note: the Secrets hold hashes of passwords, and keys. Keep them as you keep the old files."
              : "note: the Secrets, which hold hashes of passwords and keys, are not shown: --secrets with"
                  + " shows them, -d writes them to a file.");
    }
    return lines;
  }

  /**
   * For programs.
   *
   * @param files that are written
   * @param withResources whether these are in it
   */
  ObjectNode json(List<Path> files, boolean withResources) {
    var report = AnswerJson.object();
    report.put("leftOut", moved.count(LeftOver.Fate.LEFT_OUT));
    report.put("changed", moved.count(LeftOver.Fate.CHANGED));
    report.put("notNeeded", moved.count(LeftOver.Fate.NOT_NEEDED));
    var list = report.putArray("list");
    for (var leftOver : moved.leftOvers()) {
      list.addObject()
          .put("fate", leftOver.fate().toString())
          .put("file", leftOver.place().file())
          .put("line", leftOver.place().line())
          .put("what", leftOver.what())
          .put("why", leftOver.why())
          .put("instead", leftOver.instead());
    }
    AnswerJson.texts(report, "files", files.stream().map(Path::toString).toList());
    if (withResources) {
      report.putArray("resources").addAll(resources());
    }
    return report;
  }
}
