package io.mqttoperator.cli;

import io.mqttoperator.cli.source.ClusterResources;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How is this broker? */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows how a broker of a cluster is.",
      "Pods and what they are proven to enforce, connections against their limits, listeners,",
      "certificates, conditions, last events. Exits with 0 if it is Ready, else 1."
    })
final class StatusCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "BROKER",
      description = "The MqttBroker's name. Default: the only one of the namespace.")
  private @Nullable String broker;

  @Mixin private SourceOptions.ClusterOptions cluster = new SourceOptions.ClusterOptions();

  @Mixin private MetricsOptions operator = new MetricsOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text or json. Default: text.")
  private Output output = Output.TEXT;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws IOException {
    BrokerView view;
    try (var client = cluster.connect()) {
      var name = broker == null ? ClusterResources.onlyBroker(client, cluster.namespace()) : broker;
      view = BrokerView.read(client, operator.metrics(), cluster.namespace(), name);
    }
    var now = Clock.systemUTC().instant();
    PrintWriter out = Objects.requireNonNull(command).commandLine().getOut();
    if (output == Output.JSON) {
      out.println(view.json(now).toPrettyString());
    } else {
      out.print(new BrokerText(view, now).text());
    }
    return view.isReady() ? KubectlMqtt.YES : KubectlMqtt.NO;
  }
}
