package io.mqttoperator.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The command that users type, in one namespace of the cluster under test. */
public record Kubectl(Path kubeconfig, String namespace) {

  private static final Duration LIMIT = Duration.ofMinutes(6);

  /**
   * One for each stream: the common pool may have a single thread, and a command whose full pipe
   * nobody reads never ends.
   */
  private static final Executor READERS = task -> Thread.ofVirtual().start(task);

  /** What a command said, and how it ended. */
  public record Result(int status, String output, String errors) {

    /**
     * The output of a command that has to work.
     *
     * @throws AssertionError if it failed
     */
    public String orFail() {
      if (status != 0) {
        throw new AssertionError("the command ended with " + status + ": " + errors + output);
      }
      return output;
    }
  }

  /** Runs it, without input. */
  public Result run(String... arguments) {
    return runWith("", arguments);
  }

  /** Runs it with {@code input} as its standard input. */
  Result runWith(String input, String... arguments) {
    var command = new ArrayList<>(List.of("kubectl", "--namespace", namespace));
    command.addAll(List.of(arguments));
    return run(kubeconfig, command, input);
  }

  /** Runs any command that reads its cluster from a kubeconfig. */
  static Result run(Path kubeconfig, List<String> command, String input) {
    var builder = new ProcessBuilder(command);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    try {
      var process = builder.start();
      var errors = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), READERS);
      var output = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), READERS);
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            String.join(" ", command) + " did not end within " + LIMIT.toMinutes() + " minutes");
      }
      return new Result(process.exitValue(), output.join(), errors.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String read(java.io.InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
