package io.mqttoperator.cli.existing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The lines about plugins. Mosquitto 2.1 would have the password file and the ACL file read by
 * plugins of its own: these mean what {@code password_file} and {@code acl_file} mean.
 */
final class PluginLines {

  private static final Map<String, String> READERS =
      Map.of(
          "mosquitto_password_file.so", "password_file",
          "mosquitto_acl_file.so", "acl_file");

  /** A plugin, and the option that it stands for. */
  private static final class Loaded {
    private final ExistingPlugin plugin;
    private Optional<ExistingOption> file = Optional.empty();

    private Loaded(ExistingPlugin plugin) {
      this.plugin = plugin;
    }

    private boolean isReader() {
      return READERS.containsKey(plugin.file());
    }
  }

  private final Map<String, Loaded> byName = new HashMap<>();
  private final List<ExistingPlugin> others = new ArrayList<>();
  private Optional<Loaded> current = Optional.empty();

  static boolean isOne(String option) {
    return option.startsWith("plugin_opt_")
        || option.startsWith("auth_opt_")
        || List.of(
                "plugin",
                "auth_plugin",
                "global_plugin",
                "plugin_load",
                "plugin_use",
                "auth_plugin_deny_special_chars")
            .contains(option);
  }

  /** Takes a line, and answers with the option that it stands for. */
  Optional<ExistingOption> take(ExistingOption line) {
    return switch (line.name()) {
      case "plugin", "auth_plugin", "global_plugin" -> {
        load(line, line.word());
        yield Optional.empty();
      }
      case "plugin_load" -> {
        var split = SourceFile.Split.of(line.value());
        byName.put(split.word(), load(line, SourceFile.trim(split.rest())));
        yield Optional.empty();
      }
      case "plugin_use" -> {
        current = Optional.ofNullable(byName.get(line.text()));
        yield current.flatMap(loaded -> loaded.file).map(file -> at(line, file));
      }
      default -> setting(line);
    };
  }

  private Loaded load(ExistingOption line, String path) {
    var file = path.substring(path.lastIndexOf('/') + 1);
    var loaded = new Loaded(new ExistingPlugin(line.place(), file));
    current = Optional.of(loaded);
    if (!loaded.isReader()) {
      others.add(loaded.plugin);
    }
    return loaded;
  }

  private Optional<ExistingOption> setting(ExistingOption line) {
    var reader = current.filter(Loaded::isReader);
    if (reader.isEmpty()) {
      return Optional.empty();
    }
    var option = READERS.get(reader.get().plugin.file());
    if (option == null || !line.name().equals("plugin_opt_" + option)) {
      return Optional.empty();
    }
    reader.get().file = Optional.of(new ExistingOption(line.place(), option, line.value()));
    // One that was loaded by name counts where it is used.
    return byName.containsValue(reader.get()) ? Optional.empty() : reader.get().file;
  }

  private static ExistingOption at(ExistingOption use, ExistingOption file) {
    return new ExistingOption(use.place(), file.name(), file.value());
  }

  List<ExistingPlugin> others() {
    return others;
  }
}
