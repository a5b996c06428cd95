package io.mqttoperator.cli;

import java.util.Locale;

/** For people, or for programs. */
enum Output {
  TEXT,
  JSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
