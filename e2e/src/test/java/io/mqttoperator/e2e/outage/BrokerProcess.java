package io.mqttoperator.e2e.outage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The Mosquitto of a pod on this machine, as it is without asking Kubernetes. */
public record BrokerProcess(long id) {

  /** The configuration is what tells it from the pod's bridge. */
  private static final String COMMAND = "mosquitto\0-c\0/mosquitto/run/mosquitto.conf";

  public static Optional<BrokerProcess> of(String podUid) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(id -> read(id, "cmdline").contains(COMMAND))
        // With the systemd driver a cgroup's name has the UID with underscores.
        .filter(id -> read(id, "cgroup").replace('_', '-').contains(podUid))
        .findFirst()
        .map(BrokerProcess::new);
  }

  private static String read(long id, String file) {
    try {
      return Files.readString(Path.of("/proc/" + id + "/" + file));
    } catch (IOException hasEnded) {
      return "";
    }
  }

  void kill() {
    Signal.KILL.send(id);
  }
}
