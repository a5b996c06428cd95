package io.mqttoperator.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The files that Mosquitto gets. */
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the files that the operator writes for Mosquitto, by the operator's own code.",
      "Hashes of passwords, certificates, keys and the operator's own names are left out."
    })
final class RenderCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files, folders or -, as with -f.")
  private List<String> files = List.of();

  @Mixin private CommonOptions options = new CommonOptions();

  @Option(
      names = {"-d", "--directory"},
      paramLabel = "DIRECTORY",
      description = "Write them there, one by one.")
  private @Nullable Path directory;

  @Override
  public Integer call() throws IOException {
    options.source().add(files);
    var asked = options.ask(true);
    var outlook = Outlook.of(asked.inventory(), asked.broker(options.broker()));
    var problem = outlook.forecast().problem();
    if (problem.isPresent()) {
      throw new IllegalArgumentException(
          "MqttBroker %s is refused: %s".formatted(outlook.key(), problem.get()));
    }
    var files = outlook.forecast().files();
    if (files.problem().isPresent()) {
      throw new IllegalArgumentException(files.problem().get());
    }
    if (options.isJson()) {
      var answer = AnswerJson.object();
      var contents = answer.put("broker", outlook.key().toString()).putObject("files");
      files.byName().forEach(contents::put);
      options.out().println(answer.toPrettyString());
      return KubectlMqtt.YES;
    }
    if (directory != null) {
      write(files.byName(), directory);
    } else {
      files.byName().forEach((name, text) -> options.out().print("--- " + name + "\n" + text));
    }
    asked.inventory().notes().forEach(RenderCommand::warn);
    outlook.notes().forEach(RenderCommand::warn);
    return KubectlMqtt.YES;
  }

  private static void warn(String note) {
    System.err.println("note: " + note);
  }

  private void write(Map<String, String> files, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (var file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
      options.out().println(folder.resolve(file.getKey()));
    }
  }
}
