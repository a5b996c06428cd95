package io.mqttoperator.cli;

import java.util.Locale;

/** What a client may do with a topic. */
enum Action {
  PUBLISH,
  /** Asks for a topic filter, of which messages then come. */
  SUBSCRIBE,
  /** Gets a message of one topic. */
  RECEIVE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
