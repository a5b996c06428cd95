package io.mqttoperator.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/**
 * What a command said, and how it ended.
 *
 * @param out what it printed
 */
record Run(int status, String out, String errors) {

  static final Path RESOURCES = Path.of("src/test/resources");

  static Run of(String... arguments) {
    var out = new StringWriter();
    var errors = new StringWriter();
    var status =
        KubectlMqtt.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(errors, true))
            .execute(arguments);
    return new Run(status, out.toString(), errors.toString());
  }

  /** The test's files, by the name of their folder or file. */
  static String files(String name) {
    return RESOURCES.resolve(name).toString();
  }
}
