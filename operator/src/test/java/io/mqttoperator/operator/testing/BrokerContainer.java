package io.mqttoperator.operator.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mqttoperator.operator.broker.BrokerReconciler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The container of a broker pod: {@code supervisor.sh} as PID 1 over a real Mosquitto, as the user
 * that a pod runs it as, in the root file system of {@link MosquittoProcess}. All that differs from
 * a pod is that each listener is bound to one address of the loopback network.
 */
final class BrokerContainer implements AutoCloseable {

  /** The user and group of a broker pod. */
  private static final int MOSQUITTO = 1883;

  /** Where the supervisor fills in the revision's folder. */
  private static final String FILL = "s|@DIRECTORY@|$run/$1|g";

  private final Path directory;
  private final Process process;
  private int generation;

  /**
   * @param pod the pod's name, which is the container's host name
   */
  BrokerContainer(String pod, String address) {
    var rootfs = MosquittoProcess.rootfs();
    try {
      Files.createDirectories(rootfs.resolve("mosquitto"));
      directory = owned(Files.createTempDirectory("broker-"));
      owned(Files.createDirectory(directory.resolve("run")));
      owned(Files.createDirectory(directory.resolve("data")));
      owned(Files.writeString(directory.resolve("supervisor.sh"), supervisor(address)));
      process =
          new ProcessBuilder(
                  "unshare",
                  "--mount",
                  "--uts",
                  "--pid",
                  "--fork",
                  "--mount-proc=" + rootfs.resolve("proc"),
                  "sh",
                  "-c",
                  "hostname \"$3\" && mount --bind \"$1\" \"$2/mosquitto\" && exec env -i PATH=/usr/sbin:/usr/bin"
                      + " chroot \"$2\" /usr/bin/setpriv --reuid 1883 --regid 1883 --clear-groups"
                      + " sh /mosquitto/supervisor.sh",
                  "container",
                  directory.toString(),
                  rootfs.toString(),
                  pod)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As pods run it, but for the addresses. */
  private static String supervisor(String address) throws IOException {
    try (var resource = BrokerReconciler.class.getResourceAsStream("objects/supervisor.sh")) {
      var script = new String(Objects.requireNonNull(resource).readAllBytes(), UTF_8);
      if (!script.contains(FILL)) {
        throw new IllegalStateException("supervisor.sh no longer has " + FILL);
      }
      return script.replace(FILL, FILL + ";s|^listener [0-9]*\\$|& " + address + "|");
    }
  }

  private static Path owned(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", MOSQUITTO);
    Files.setAttribute(path, "unix:gid", MOSQUITTO);
    return path;
  }

  /** Gives it other files, all at once, as a kubelet refreshes a projected volume. */
  void project(Map<String, byte[]> files) {
    try {
      var name = "source-" + ++generation;
      var folder = owned(Files.createDirectory(directory.resolve(name)));
      for (var file : files.entrySet()) {
        owned(Files.write(folder.resolve(file.getKey()), file.getValue()));
      }
      var link = Files.createSymbolicLink(directory.resolve("source-next"), Path.of(name));
      Files.move(link, directory.resolve("source"), StandardCopyOption.ATOMIC_MOVE);
      if (generation > 1) {
        delete(directory.resolve("source-" + (generation - 1)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitReady() {
    Awaitility.await("the broker container " + directory)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Files.exists(directory.resolve("run/ready")) || !process.isAlive());
    if (!process.isAlive()) {
      throw new IllegalStateException("the broker container ended at its start:\n" + log());
    }
  }

  /** A file of the revision that Mosquitto was told to read last. */
  String file(String name) {
    try {
      var configuration = Files.readString(directory.resolve("run/mosquitto.conf"));
      var folder =
          configuration
              .lines()
              .filter(line -> line.startsWith("acl_file /mosquitto/"))
              .map(line -> directory.resolve(line.replaceFirst("acl_file /mosquitto/", "")))
              .findFirst()
              .orElseThrow();
      return Files.readString(folder.resolveSibling(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the supervisor and Mosquitto have logged. */
  String log() {
    try {
      return Files.readString(directory.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The PID of Mosquitto: another one after another start. */
  String mosquitto() {
    return String.join(" ", broker());
  }

  /** SIGSTOP: the kernel still takes connections, and nobody answers. */
  void pause() {
    signal("STOP");
  }

  /** After {@link #pause()}. */
  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    broker().forEach(pid -> Command.run(directory, List.of("kill", "-" + name, pid)));
  }

  private List<String> broker() {
    return process
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("/mosquitto"))
        .map(child -> Long.toString(child.pid()))
        .toList();
  }

  @Override
  public void close() {
    // PID 1 takes all others with it. That unshare ends does not end it: the change of user has
    // cleared its parent-death signal (prctl(2), PR_SET_PDEATHSIG).
    process.children().forEach(ProcessHandle::destroyForcibly);
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    try {
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
