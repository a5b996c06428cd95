package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.existing.ExistingConfiguration;
import io.mqttoperator.cli.existing.ExistingOption;
import io.mqttoperator.cli.existing.Place;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/** What the broker keeps and logs. */
final class KeepingMove {

  private static final int LONGEST_INTERVAL = 86_400;

  private static final Set<String> LOG_TYPES =
      Set.of(
          "debug",
          "error",
          "warning",
          "notice",
          "information",
          "subscribe",
          "unsubscribe",
          "websockets");

  private final ExistingConfiguration configuration;
  private final ObjectNode spec;
  private final LeftOvers left;

  KeepingMove(ExistingConfiguration configuration, ObjectNode spec, LeftOvers left) {
    this.configuration = configuration;
    this.spec = spec;
    this.left = left;
  }

  /**
   * Writes it.
   *
   * @param main the configuration file as a whole
   */
  void write(Place main) {
    var isKept =
        configuration
            .option("persistence")
            .or(() -> configuration.option("retained_persistence"))
            .filter(ExistingOption::isTrue)
            .isPresent();
    if (isKept) {
      configuration.option("autosave_interval").ifPresent(this::interval);
      left.leaveOut(
          main,
          "sessions, queued and retained messages",
          "they are in the old broker's database, which is not read",
          "Let clients connect once and publish retained messages again");
    } else {
      spec.withObject("/storage").put("ephemeral", true);
    }
    logTypes();
  }

  private void interval(ExistingOption option) {
    var seconds = option.number();
    if (seconds < 1 || seconds > LONGEST_INTERVAL) {
      left.leaveOut(
          option, "storage.autosaveInterval is 1s to 24h", "It is saved every minute instead");
    } else {
      spec.withObject("/storage").put("autosaveInterval", seconds + "s");
    }
  }

  /** They add up; {@code none} and {@code all} begin anew (conf.c). */
  private void logTypes() {
    var lines = configuration.options().stream().filter(o -> o.name().equals("log_type")).toList();
    var types = new LinkedHashSet<String>();
    for (var line : lines) {
      var type = line.word();
      if (type.equals("none") || type.equals("all")) {
        types.clear();
        types.add(type);
      } else if (LOG_TYPES.contains(type)) {
        types.remove("none");
        types.add(type);
      } else {
        left.leaveOut(line, "the operator does not write log lines of this type", "");
      }
    }
    if (!types.isEmpty()) {
      var listed = new ArrayList<>(types.contains("all") ? Set.of("all") : types);
      var array = spec.withObject("/logging").putArray("types");
      listed.forEach(array::add);
    }
  }
}
