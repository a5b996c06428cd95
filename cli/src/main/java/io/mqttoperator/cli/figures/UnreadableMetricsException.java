package io.mqttoperator.cli.figures;

import java.io.IOException;

/** The operator's metrics cannot be read; the message says why, and what to do. */
public final class UnreadableMetricsException extends IOException {

  private static final long serialVersionUID = 1;

  UnreadableMetricsException(String message, Throwable cause) {
    super(message, cause);
  }
}
