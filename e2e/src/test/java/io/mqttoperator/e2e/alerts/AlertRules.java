package io.mqttoperator.e2e.alerts;

import io.mqttoperator.e2e.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The chart's rules, with all times of them divided by one factor: how long a fault has to last,
 * the windows of rates, and the hour by which a renewal may be late. Nothing else is changed.
 *
 * @param factor 1: as they stand
 */
record AlertRules(int factor) {

  private static final Pattern LASTING = Pattern.compile("(?<=for: )(\\d+)m\\b");
  private static final Pattern WINDOW = Pattern.compile("(?<=\\[)(\\d+)m(?=])");
  private static final Pattern LATE = Pattern.compile("(?<=> )3600\\b");

  /** The renewal of a certificate may be late by so much. */
  private static final int LATE_SECONDS = 3600;

  /** The longest that a rule takes from its fault on: a window, and as long again. */
  private static final Duration LONGEST = Duration.ofMinutes(20);

  /** Writes them into a folder, and answers the file. */
  Path writeTo(Path folder) throws IOException {
    var text = Files.readString(Path.of(Installation.chart(), "alerts/rules.yaml"));
    var file = folder.resolve("rules.yaml");
    return Files.writeString(file, replaced(LATE, replaced(WINDOW, replaced(LASTING, text))));
  }

  private String replaced(Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("the rules have nothing like " + pattern);
    }
    return matcher.replaceAll(this::divided);
  }

  private String divided(MatchResult found) {
    return found.groupCount() == 0
        ? "" + LATE_SECONDS / factor
        : Integer.parseInt(found.group(1)) * 60 / factor + "s";
  }

  /** A time of the rules, as it is here. */
  Duration scaled(Duration time) {
    return time.dividedBy(factor);
  }

  /** By then an alert fires whose fault is there. */
  Duration longest() {
    return scaled(LONGEST);
  }
}
