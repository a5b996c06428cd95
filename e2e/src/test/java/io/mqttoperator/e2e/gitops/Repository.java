package io.mqttoperator.e2e.gitops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A clone of the repository that Flux reads: what a platform team has on its desk. */
record Repository(Path folder) {

  /** The clone of one that is made now. */
  static Repository cloneOf(Path bare, Path folder) {
    var repository = new Repository(folder);
    repository.git("init", "--quiet", "--bare", "--initial-branch=main", bare.toString());
    repository.git("clone", "--quiet", bare.toString(), ".");
    return repository;
  }

  String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String file, String text) {
    var path = folder.resolve(file);
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a text that is there. */
  void replace(String file, String old, String text) {
    var before = read(file);
    if (!before.contains(old)) {
      throw new AssertionError(file + " does not hold: " + old);
    }
    write(file, before.replace(old, text));
  }

  /** Lays exactly these files. */
  void lay(Map<String, String> files) {
    git("clean", "-d", "--force", "--quiet");
    git("rm", "-r", "--quiet", "--force", "--ignore-unmatch", ".");
    files.forEach(this::write);
    git("add", "--all");
  }

  boolean isChanged() {
    return !git("status", "--porcelain").isEmpty();
  }

  /** Commits all that has changed, and pushes it; returns the commit. */
  String commit(String message) {
    git("add", "--all");
    git("commit", "--quiet", "--message", message);
    return push();
  }

  /** Takes the last commit back by another, as a person would. */
  String revert() {
    git("revert", "--no-edit", "HEAD");
    return push();
  }

  private String push() {
    git("push", "--quiet", "origin", "main");
    return git("rev-parse", "HEAD").strip();
  }

  private String git(String... arguments) {
    var command =
        new ArrayList<>(List.of("git", "-c", "user.name=e2e", "-c", "user.email=e2e@example.com"));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
