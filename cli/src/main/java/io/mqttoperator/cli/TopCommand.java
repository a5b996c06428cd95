package io.mqttoperator.cli;

import io.mqttoperator.cli.figures.BrokerName;
import io.mqttoperator.cli.figures.PodRates;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What do the brokers do now? */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what brokers do, live.",
      "Clients, connections against their limit, messages a second, what is dropped and stored,",
      "memory. Mosquitto renews its figures every ten seconds.",
      "On a terminal until Ctrl-C, else once."
    })
final class TopCommand implements Callable<Integer> {

  /** Home, and clear from there: less flicker than clearing first. */
  private static final String CLEAR = "\u001b[H\u001b[J";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "BROKER",
      description = "Only this broker. Default: all of the namespace.")
  private @Nullable String broker;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Brokers of all namespaces.")
  private boolean everywhere;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      description = "Between two looks, 1 or more. Default: ${DEFAULT-VALUE}.",
      defaultValue = "5")
  private int interval = 5;

  @Option(
      names = "--count",
      paramLabel = "NUMBER",
      description = "How often to look. Default: on a terminal until Ctrl-C, else once.")
  private @Nullable Integer count;

  @Mixin private SourceOptions.ClusterOptions cluster = new SourceOptions.ClusterOptions();
  @Mixin private MetricsOptions operator = new MetricsOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text, or json: an object on a line for each look. Default: text.")
  private Output output = Output.TEXT;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws IOException {
    if (interval < 1) {
      throw new IllegalArgumentException("--interval takes 1 second or more.");
    }
    PrintWriter out = Objects.requireNonNull(command).commandLine().getOut();
    var live = Boolean.getBoolean(KubectlMqtt.TERMINAL);
    var times = count == null ? (live ? Integer.MAX_VALUE : 1) : count;
    var rates = new PodRates(TopScreen.COUNTERS);
    var clock = Clock.systemUTC();
    try (var client = cluster.connect()) {
      for (int i = 0; i < times; i++) {
        if (i > 0 && !pause()) {
          break;
        }
        var figures = operator.metrics().read(client);
        rates.add(figures);
        var screen = new TopScreen(figures, rates, shown(), clock.instant());
        if (output == Output.JSON) {
          out.println(screen.json());
        } else {
          out.print((live ? CLEAR : "") + screen.text());
        }
        out.flush();
      }
    }
    return KubectlMqtt.YES;
  }

  private Predicate<BrokerName> shown() {
    var namespace = cluster.namespace();
    return name ->
        (everywhere || name.namespace().equals(namespace))
            && (broker == null || name.name().equals(broker));
  }

  private boolean pause() {
    try {
      Thread.sleep(Duration.ofSeconds(interval));
      return true;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
