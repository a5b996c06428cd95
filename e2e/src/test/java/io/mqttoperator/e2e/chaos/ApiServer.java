package io.mqttoperator.e2e.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The API server of the local cluster, a process of this machine.
 *
 * @param scripts the folder e2e/cluster
 * @param binaries where its programs are
 */
record ApiServer(Path scripts, Path binaries) {

  private static final Path PID = Path.of("/run/mqtt-operator-cluster/kube-apiserver.pid");

  void pause() {
    signal("STOP");
  }

  void goOn() {
    signal("CONT");
  }

  void kill() {
    signal("KILL");
  }

  /** Starts what of the cluster does not run. */
  void start() {
    run(List.of(scripts.resolve("node").toString(), "start", binaries.toString()));
  }

  /** The id in the file may long be another's. */
  private static void signal(String name) {
    try {
      var pid = Files.readString(PID).strip();
      var command = Files.readString(Path.of("/proc", pid, "comm")).strip();
      if (!"kube-apiserver".equals(command)) {
        throw new IllegalStateException("process %s is %s".formatted(pid, command));
      }
      run(List.of("kill", "-" + name, pid));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "--api-server needs the local cluster (e2e/cluster/up), and root", e);
    }
  }

  private static void run(List<String> command) {
    try {
      var process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
