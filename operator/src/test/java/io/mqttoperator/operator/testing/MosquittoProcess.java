package io.mqttoperator.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real Mosquitto in a folder of its own, run as root with {@code chroot} from a root file system
 * that has the version we promise.
 *
 * <p>The folder is at the same time {@link #directory()} here and {@link #inside(String)} for the
 * broker. Configuration files need {@code user root}.
 */
public final class MosquittoProcess implements AutoCloseable {

  private static final String PROPERTY = "mqtt.operator.mosquitto.rootfs";
  private static final String VARIABLE = "MQTT_OPERATOR_MOSQUITTO_ROOTFS";

  /** Not the line "running mosquitto as user: root", which comes before the ports are open. */
  private static final Pattern RUNNING = Pattern.compile("mosquitto version \\S+ running\\R");

  private static final int FIRST_PORT = 12_000;
  private static final int PORTS = 16_000;
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % PORTS));

  private final Path rootfs;
  private final Path directory;
  private @Nullable Process process;
  private int starts;

  public MosquittoProcess() {
    this.rootfs = rootfs();
    try {
      this.directory = Files.createTempDirectory(rootfs.resolve("tmp"), "mosquitto-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The root file system with Mosquitto; fails with how to make one. */
  public static Path rootfs() {
    String cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .orElseGet(() -> System.getProperty("user.home") + "/.cache");
    Path rootfs =
        Path.of(
            Optional.ofNullable(System.getProperty(PROPERTY))
                .or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
                .orElse(cache + "/mqtt-operator/forky-rootfs"));
    if (!Files.isExecutable(rootfs.resolve("usr/sbin/mosquitto"))) {
      throw new IllegalStateException(
          "no Mosquitto in "
              + rootfs
              + ": make it as root with  mmdebstrap --variant=essential"
              + " --include=mosquitto,mosquitto-clients,busybox forky "
              + rootfs
              + "  or name another with "
              + VARIABLE);
    }
    return rootfs;
  }

  /**
   * A port of the loopback interface that nothing listens on, and another at each call.
   *
   * <p>It lies below those that Linux gives to whoever asks for any port: one of these can be taken
   * by another test's connection before the broker starts.
   */
  public static int freePort() {
    while (true) {
      int port = FIRST_PORT + NEXT_PORT.getAndIncrement() % PORTS;
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        // the next one
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The broker's folder as this JVM sees it. */
  public Path directory() {
    return directory;
  }

  /** The path, as the broker sees it, of a file in its folder. */
  public String inside(String file) {
    return "/" + rootfs.relativize(directory.resolve(file));
  }

  /** Writes a file into the broker's folder, by rename. */
  public MosquittoProcess write(String file, String content) {
    try {
      Path fresh = Files.writeString(directory.resolve(file + ".new"), content);
      Files.move(
          fresh,
          directory.resolve(file),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /**
   * Starts the broker with the file {@code mosquitto.conf} and waits until it says that it is
   * running.
   */
  public MosquittoProcess start() {
    Path log = log(++starts);
    Process started =
        execute(
            new ProcessBuilder(
                    "chroot", rootfs.toString(), "mosquitto", "-c", inside("mosquitto.conf"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()));
    process = started;
    Awaitility.await("mosquitto " + directory)
        .atMost(10, TimeUnit.SECONDS)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> !started.isAlive() || RUNNING.matcher(log()).find());
    if (!started.isAlive()) {
      throw new IllegalStateException("mosquitto ended at its start:\n" + log());
    }
    return this;
  }

  /** As the machine knows it. */
  public long id() {
    return running().pid();
  }

  /** SIGHUP: reads its files again. */
  public void reload() {
    signal("HUP");
  }

  /** Sends a signal, by its name without SIG. */
  public void signal(String name) {
    Process running = running();
    try {
      Process kill = execute(new ProcessBuilder("kill", "-" + name, Long.toString(running.pid())));
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("kill -" + name + " failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() {
    running().destroyForcibly().onExit().join();
  }

  /** SIGTERM; returns its exit code when the process has saved what it saves and is gone. */
  public int stop() {
    running().destroy();
    return running().onExit().join().exitValue();
  }

  /** What the broker has logged since its last start. */
  public String log() {
    try {
      return Files.readString(log(starts));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs one of Mosquitto's own tools in the same root file system and returns its output. */
  public String run(String... command) {
    List<String> line = new ArrayList<>(List.of("chroot", rootfs.toString()));
    line.addAll(List.of(command));
    return Command.run(directory, line);
  }

  /** Kills the broker and deletes its folder. */
  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly().onExit().join();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path log(int start) {
    return directory.resolve("mosquitto-" + start + ".log");
  }

  private Process running() {
    if (process == null) {
      throw new IllegalStateException("mosquitto was not started");
    }
    return process;
  }

  private static Process execute(ProcessBuilder command) {
    try {
      return command.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
