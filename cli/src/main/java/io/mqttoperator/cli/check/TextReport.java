package io.mqttoperator.cli.check;

import java.util.ArrayList;

/** A line for each finding, as compilers print them. */
final class TextReport implements Report {

  @Override
  public String of(CheckResult result) {
    var lines = new ArrayList<String>();
    for (var finding : result.findings()) {
      lines.add(
          "%s:%d: %s: %s%s [%s]"
              .formatted(
                  finding.file(),
                  finding.line(),
                  finding.level(),
                  finding.resource().isEmpty() ? "" : finding.resource() + ": ",
                  finding.message(),
                  finding.rule()));
    }
    result.changes().stream()
        .filter(change -> change.kind() != Change.Kind.UNCHANGED)
        .forEach(change -> lines.add("would be " + describe(change)));
    lines.add(
        "%d resources, %d errors, %d warnings"
            .formatted(
                result.resources().size(), result.count(Level.ERROR), result.count(Level.WARNING)));
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }

  private static String describe(Change change) {
    return change.kind()
        + ": "
        + change.resource()
        + (change.fields().isEmpty() ? "" : " (" + String.join(", ", change.fields()) + ")");
  }
}
