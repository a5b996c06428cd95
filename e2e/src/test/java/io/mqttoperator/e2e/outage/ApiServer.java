package io.mqttoperator.e2e.outage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process of the local cluster (e2e/cluster/node) that is its API server. */
record ApiServer(long id) {

  private static final Path ID = Path.of("/run/mqtt-operator-cluster/kube-apiserver.pid");

  static ApiServer ofLocalCluster() {
    try {
      var id = Long.parseLong(Files.readString(ID).strip());
      var name = Files.readString(Path.of("/proc/" + id + "/comm")).strip();
      if (!name.equals("kube-apiserver")) {
        throw new IllegalStateException(
            "process %d is %s, and not the API server that %s names".formatted(id, name, ID));
      }
      return new ApiServer(id);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the API server can only be stopped on the local cluster (e2e/cluster/up), as root", e);
    }
  }

  /** It answers nobody meanwhile, and goes on as it was. */
  void stopWhile(Runnable meanwhile) {
    // Also where this program is ended: a cluster without an API server helps nobody.
    var resume = new Thread(() -> Signal.CONT.send(id));
    Runtime.getRuntime().addShutdownHook(resume);
    Signal.STOP.send(id);
    try {
      meanwhile.run();
    } finally {
      Signal.CONT.send(id);
      Runtime.getRuntime().removeShutdownHook(resume);
    }
  }
}
