package io.mqttoperator.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands that answer questions share. */
final class CommonOptions {

  @Mixin private SourceOptions source = new SourceOptions();

  @Option(
      names = {"-b", "--broker"},
      paramLabel = "BROKER",
      description = "The broker, where there are several.")
  private @Nullable String broker;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text or json. Default: text.")
  private Output output = Output.TEXT;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  SourceOptions source() {
    return source;
  }

  @Nullable String broker() {
    return broker;
  }

  boolean isJson() {
    return output == Output.JSON;
  }

  /** Reads, and finds what the command names. */
  Asked ask(boolean everywhere) throws java.io.IOException {
    return new Asked(source.read(everywhere), source.namespace(), source.namesNamespace());
  }

  /** A user of the namespace, or a tenant's of a broker there. */
  Subject subject(String user) throws java.io.IOException {
    var here = ask(false);
    var asked = here.knows(user, broker) ? here : ask(true);
    return asked.subject(user, broker);
  }

  PrintWriter out() {
    return Objects.requireNonNull(command).commandLine().getOut();
  }

  void print(List<String> notes) {
    notes.forEach(note -> out().println("note: " + note));
  }
}
