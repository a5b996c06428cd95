package io.mqttoperator.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A certificate signing request as a device makes it: openssl's, with a key that stays with it. */
public final class OpensslRequest {

  private OpensslRequest() {}

  /**
   * Makes {@code device.key} and {@code device.csr} in a folder.
   *
   * @param subject as openssl writes one: {@code /CN=meter}; {@code /} for none
   * @return the request, in PEM
   */
  public static String of(Path folder, String subject) {
    var file = folder.resolve("device.csr");
    Command.run(
        folder,
        List.of(
            "openssl",
            "req",
            "-new",
            "-nodes",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-subj",
            subject,
            "-keyout",
            folder.resolve("device.key").toString(),
            "-out",
            file.toString()));
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
