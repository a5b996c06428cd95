package io.mqttoperator.cli.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.source.Manifest;
import io.mqttoperator.cli.source.ManifestFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is wrong with each manifest by itself.
 *
 * @param usable those of which the operator could say more, and what stands beside ours
 */
public record ManifestCheck(
    List<CheckResult.Checked> checked, List<Manifest> usable, List<Finding> findings) {

  /**
   * Checks all of them.
   *
   * @param present what the cluster has under a manifest's name, where that is to be looked at
   */
  public static ManifestCheck of(
      ManifestFiles files, Function<Manifest, Optional<ObjectNode>> present) {
    var checked = new ArrayList<CheckResult.Checked>();
    var usable = new ArrayList<Manifest>();
    var findings = new ArrayList<Finding>();
    var first = new HashMap<String, Manifest>();
    var schema = new SchemaCheck();
    files
        .problems()
        .forEach(
            problem ->
                findings.add(
                    new Finding(
                        Level.ERROR,
                        "Unreadable",
                        problem.file(),
                        problem.line(),
                        "",
                        problem.message())));
    for (var manifest : files.manifests()) {
      if (!manifest.isOurs()) {
        usable.add(manifest);
        continue;
      }
      checked.add(new CheckResult.Checked(manifest.title(), manifest.file(), manifest.line("")));
      var outcome = schema.check(manifest, present.apply(manifest));
      findings.addAll(outcome.findings());
      var before = first.putIfAbsent(manifest.title(), manifest);
      if (before != null) {
        findings.add(
            new Finding(
                Level.ERROR,
                "Duplicate",
                manifest.file(),
                manifest.line("/metadata/name"),
                manifest.title(),
                "it stands at %s already".formatted(before.place("/metadata/name"))));
      } else if (outcome.findings().isEmpty()) {
        usable.add(outcome.completed());
      }
    }
    return new ManifestCheck(checked, usable, findings);
  }
}
