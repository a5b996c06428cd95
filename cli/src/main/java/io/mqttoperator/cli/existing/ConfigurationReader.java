package io.mqttoperator.cli.existing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code mosquitto.conf} as Mosquitto 2 does (src/conf.c). */
final class ConfigurationReader {

  private static final int DEFAULT_PORT = 1883;

  /** A listener whose lines are still read. */
  private static final class Opened {
    private final Place place;
    private int port;
    private Optional<String> address;
    private final List<ExistingOption> options = new ArrayList<>();

    private Opened(Place place, int port, Optional<String> address) {
      this.place = place;
      this.port = port;
      this.address = address;
    }

    private ExistingListener listener() {
      return new ExistingListener(place, port, address, options);
    }
  }

  private final Optional<Path> root;
  private final List<ExistingOption> options = new ArrayList<>();
  private final List<Opened> listeners = new ArrayList<>();
  private final List<ExistingBridge> bridges = new ArrayList<>();
  private final PluginLines plugins = new PluginLines();
  private @Nullable Opened byDefault;
  private boolean isLocalOnly = true;
  private boolean perListener;

  ConfigurationReader(Optional<Path> root) {
    this.root = root;
  }

  ExistingConfiguration read(Path path) throws IOException {
    read(SourceFile.read(path), true);
    return new ExistingConfiguration(
        options,
        listeners.stream().map(Opened::listener).toList(),
        bridges,
        plugins.others(),
        isLocalOnly,
        perListener);
  }

  private void read(SourceFile file, boolean isMain) throws IOException {
    // Each file begins without a listener (config__read_file_core).
    @Nullable Opened current = null;
    for (int i = 0; i < file.lines().size(); i++) {
      var split = SourceFile.Split.of(SourceFile.trimEnd(file.lines().get(i)));
      if (split.word().isEmpty() || split.word().startsWith("#")) {
        continue;
      }
      var line = new ExistingOption(file.place(i), split.word(), split.rest());
      if (line.name().equals("include_dir")) {
        if (!isMain) {
          throw line.refused("in the main file");
        }
        include(line);
      } else {
        current = take(line, current);
      }
    }
  }

  /** In the order of their names, whatever their case. */
  private void include(ExistingOption line) throws IOException {
    var folder = ExistingPaths.resolve(line, root);
    List<Path> files;
    try (var found = Files.list(folder)) {
      files =
          found
              .filter(file -> file.getFileName().toString().endsWith(".conf"))
              .sorted(Comparator.comparing(Path::toString, String.CASE_INSENSITIVE_ORDER))
              .toList();
    } catch (NotDirectoryException | NoSuchFileException missing) {
      throw ExistingPaths.missing(line, folder);
    }
    for (var file : files) {
      read(SourceFile.read(file), false);
    }
  }

  /** Takes a line, and answers with the listener that the next one is about. */
  private @Nullable Opened take(ExistingOption line, @Nullable Opened current) {
    if (PluginLines.isOne(line.name())) {
      var file = plugins.take(line);
      if (file.isPresent() && line.name().equals("plugin_use") && current != null) {
        current.options.add(file.get());
        return current;
      }
      return file.isPresent() ? security(file.get(), current) : current;
    }
    switch (line.name()) {
      case "listener" -> {
        return listener(line);
      }
      case "port", "bind_address" -> {
        return standard(line);
      }
      case "connection" -> bridges.add(new ExistingBridge(line.place(), line.word(), 0));
      case "per_listener_settings" -> perListener |= line.isTrue();
      default -> {
        return option(line, current);
      }
    }
    return current;
  }

  private @Nullable Opened option(ExistingOption line, @Nullable Opened current) {
    switch (OptionScope.of(line.name())) {
      case LISTENER -> {
        var about = current == null ? standardListener(line.place()) : current;
        about.options.add(line);
        return about;
      }
      case SECURITY -> {
        return security(line, current);
      }
      case BRIDGE -> {
        if (bridges.isEmpty()) {
          throw line.refused("after a line with connection");
        }
        var bridge = bridges.removeLast();
        bridges.add(new ExistingBridge(bridge.place(), bridge.name(), bridge.options() + 1));
      }
      case BROKER -> options.add(line);
    }
    return current;
  }

  private @Nullable Opened security(ExistingOption line, @Nullable Opened current) {
    if (!perListener) {
      options.add(line);
      return current;
    }
    var about = current == null ? standardListener(line.place()) : current;
    about.options.add(line);
    return about;
  }

  private Opened listener(ExistingOption line) {
    isLocalOnly = false;
    var split = SourceFile.Split.of(line.value());
    var port = new ExistingOption(line.place(), "listener", split.word()).number();
    if (port < 0 || port > 65_535) {
      throw line.refused("a port from 0 to 65535");
    }
    var address = SourceFile.Split.of(split.rest()).word();
    var opened =
        new Opened(
            line.place(),
            (int) port,
            Optional.of(address).filter(text -> !text.isEmpty() && !text.startsWith("#")));
    listeners.add(opened);
    return opened;
  }

  private Opened standard(ExistingOption line) {
    isLocalOnly = false;
    var opened = standardListener(line.place());
    if (line.name().equals("port")) {
      opened.port = (int) line.number();
    } else {
      opened.address = Optional.of(line.text());
    }
    return opened;
  }

  /** The one that an option opens that stands before any listener. */
  private Opened standardListener(Place place) {
    if (byDefault == null) {
      byDefault = new Opened(place, DEFAULT_PORT, Optional.empty());
      listeners.add(byDefault);
    }
    return byDefault;
  }
}
