package io.mqttoperator.cli;

import io.mqttoperator.cli.figures.OperatorMetrics;
import picocli.CommandLine.Option;

/** Where a command finds the operator's figures. */
final class MetricsOptions {

  @Option(
      names = "--operator",
      paramLabel = "NAMESPACE/NAME",
      description = "The operator whose figures are shown. Default: ${DEFAULT-VALUE}.",
      defaultValue = OperatorMetrics.DEFAULT)
  private String operator = OperatorMetrics.DEFAULT;

  OperatorMetrics metrics() {
    return OperatorMetrics.of(operator);
  }
}
