package io.mqttoperator.cli.check;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** For programs. */
final class JsonReport implements Report {

  @Override
  public String of(CheckResult result) {
    var report = JsonNodeFactory.instance.objectNode();
    report.put("resources", result.resources().size());
    report.put("errors", result.count(Level.ERROR));
    report.put("warnings", result.count(Level.WARNING));
    var findings = report.putArray("findings");
    for (var finding : result.findings()) {
      findings
          .addObject()
          .put("level", finding.level().toString())
          .put("rule", finding.rule())
          .put("file", finding.file())
          .put("line", finding.line())
          .put("resource", finding.resource())
          .put("message", finding.message());
    }
    var changes = report.putArray("changes");
    for (var change : result.changes()) {
      var entry = changes.addObject();
      entry.put("resource", change.resource().toString());
      entry.put("change", change.kind().toString());
      var fields = entry.putArray("fields");
      change.fields().forEach(fields::add);
    }
    return report.toPrettyString() + System.lineSeparator();
  }
}
