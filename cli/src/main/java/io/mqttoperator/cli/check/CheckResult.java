package io.mqttoperator.cli.check;

import java.util.List;

/**
 * All that was found.
 *
 * @param resources that were looked at, as {@code MqttUser plant/sensor-1}, with their files
 * @param changes against a cluster; none without one
 */
public record CheckResult(List<Checked> resources, List<Finding> findings, List<Change> changes) {

  /** One resource that was looked at. */
  public record Checked(String resource, String file, int line) {}

  public CheckResult {
    resources = List.copyOf(resources);
    findings = findings.stream().distinct().sorted(Finding.ORDER).toList();
    changes = List.copyOf(changes);
  }

  public long count(Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
