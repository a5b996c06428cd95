package io.mqttoperator.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mqttoperator.cli.figures.UnreadableMetricsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The plugin's first word. */
@Command(
    name = "kubectl mqtt",
    mixinStandardHelpOptions = true,
    description = "Asks why, checks files, and shows what an MQTT broker does. It changes nothing.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      CanCommand.class,
      WhoCanCommand.class,
      GrantsCommand.class,
      StatusCommand.class,
      TopCommand.class,
      CheckCommand.class,
      RenderCommand.class,
      ImportCommand.class
    },
    footer = {
      "",
      "Each command looks in the cluster that kubectl uses, or with -f in files and in no cluster.",
      "It exits with 0 for yes, 1 for no, 2 if it could not answer."
    })
public final class KubectlMqtt {

  static final int YES = 0;
  static final int NO = 1;
  static final int NO_ANSWER = 2;

  /** A system property: whether what is printed goes to a terminal. */
  static final String TERMINAL = "io.mqttoperator.cli.terminal";

  private KubectlMqtt() {}

  /** Answers and ends. */
  public static void main(String[] arguments) {
    var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    var code = commandLine().setOut(out).execute(arguments);
    out.flush();
    System.exit(code);
  }

  static CommandLine commandLine() {
    var commands = new CommandLine(new KubectlMqtt());
    commands.getCommandSpec().version("kubectl-mqtt " + version());
    commands.getSubcommands().values().forEach(each -> each.getCommandSpec().version(version()));
    return commands
        .addSubcommand(new CommandLine.HelpCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpLongOptionsMaxWidth(28)
        .setExitCodeExceptionMapper(exception -> NO_ANSWER)
        .setExecutionExceptionHandler(
            (exception, command, parsed) -> {
              command.getErr().println("error: " + sentence(exception));
              return NO_ANSWER;
            });
  }

  private static String version() {
    return Objects.requireNonNullElse(
        KubectlMqtt.class.getPackage().getImplementationVersion(), "of this source");
  }

  private static String sentence(Exception exception) {
    return switch (exception) {
      case UnreadableMetricsException unreadable -> Objects.toString(unreadable.getMessage(), "");
      case NoSuchFileException missing -> "there is no file " + missing.getMessage();
      case KubernetesClientException failed -> cluster(failed);
      case IOException failed -> "cannot read: " + failed.getMessage();
      case IllegalArgumentException said -> Objects.toString(said.getMessage(), "");
      default -> Objects.toString(exception);
    };
  }

  private static String cluster(KubernetesClientException failed) {
    var cause = failed.getCause() == null ? failed : failed.getCause();
    return "the cluster did not answer: "
        + Objects.requireNonNullElse(cause.getMessage(), cause.toString());
  }
}
