package io.mqttoperator.e2e.outage;

import java.util.List;

/** Changes that are done in turn, each taking the one before back. */
record Round(List<Change> changes) {

  static Round of(Change... changes) {
    return new Round(List.of(changes));
  }

  boolean isSlow() {
    return changes.stream().anyMatch(Change::isSlow);
  }
}
