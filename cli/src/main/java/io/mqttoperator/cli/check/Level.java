package io.mqttoperator.cli.check;

import java.util.Locale;

/** How much a finding matters. The names are SARIF's levels. */
public enum Level {
  /** It would be refused, or grant nothing. */
  ERROR,
  /** It is taken, and is perhaps not what was meant. */
  WARNING,
  /** What could not be looked at. */
  NOTE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
