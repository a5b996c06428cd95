package io.mqttoperator.cli.check;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.net.URISyntaxException;

/** SARIF 2.1.0, which code scanning services read (OASIS, sections 3.13 to 3.30). */
final class SarifReport implements Report {

  @Override
  public String of(CheckResult result) {
    var log = JsonNodeFactory.instance.objectNode();
    log.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    log.put("version", "2.1.0");
    var run = log.putArray("runs").addObject();
    var driver = run.putObject("tool").putObject("driver");
    driver.put("name", "kubectl-mqtt");
    var rules = driver.putArray("rules");
    result.findings().stream()
        .map(Finding::rule)
        .distinct()
        .sorted()
        .forEach(
            rule -> {
              var described = rules.addObject().put("id", rule);
              RuleDescription.of(rule)
                  .ifPresent(text -> described.putObject("shortDescription").put("text", text));
            });
    var results = run.putArray("results");
    for (var finding : result.findings()) {
      var entry = results.addObject();
      entry.put("ruleId", finding.rule());
      entry.put("level", finding.level().toString());
      entry.putObject("message").put("text", text(finding));
      var place = entry.putArray("locations").addObject().putObject("physicalLocation");
      place.putObject("artifactLocation").put("uri", uri(finding.file()));
      place.putObject("region").put("startLine", finding.line());
    }
    return log.toPrettyString() + System.lineSeparator();
  }

  private static String text(Finding finding) {
    return finding.resource().isEmpty()
        ? finding.message()
        : finding.resource() + ": " + finding.message();
  }

  /** A path relative to where the check ran, as a URI reference (3.4.3). */
  private static String uri(String file) {
    try {
      return new URI(null, null, file, null).getRawPath();
    } catch (URISyntaxException impossible) {
      throw new IllegalArgumentException(impossible);
    }
  }
}
