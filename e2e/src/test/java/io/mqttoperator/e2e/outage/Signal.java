package io.mqttoperator.e2e.outage;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What processes can be sent. */
enum Signal {
  KILL,
  STOP,
  CONT;

  void send(long process) {
    try {
      var status =
          new ProcessBuilder("kill", "-s", name(), Long.toString(process))
              .inheritIO()
              .start()
              .waitFor();
      if (status != 0) {
        throw new IllegalStateException("process %d cannot be sent %s".formatted(process, name()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
