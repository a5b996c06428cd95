package io.mqttoperator.e2e.outage;

import java.io.PrintStream;
import java.util.List;

/** Markdown, a row as soon as it is known. */
record OutageTable(PrintStream out, int clients, int roamers) {

  void head() {
    line(OutageRow.HEAD);
    line(OutageRow.HEAD.stream().map(cell -> "---").toList());
  }

  void row(OutageRow row) {
    line(row.cells(clients, roamers));
  }

  /** A change that could not be measured. */
  void failure(Change change, Throwable failure) {
    line(
        List.of(
            change.name(),
            "failed: " + String.valueOf(failure.getMessage()).lines().findFirst().orElse("")));
  }

  private void line(List<String> cells) {
    out.println("| " + String.join(" | ", cells) + " |");
    out.flush();
  }
}
