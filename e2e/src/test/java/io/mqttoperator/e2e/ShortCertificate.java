package io.mqttoperator.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** A server certificate that somebody with a broker's authority has made, by openssl(1). */
final class ShortCertificate {

  private ShortCertificate() {}

  /** The Secret's values {@code tls.crt} and {@code tls.key}, in base64. */
  static Map<String, String> of(Map<String, byte[]> authority, String host, Duration validity) {
    try {
      var folder = Files.createTempDirectory("e2e-certificate");
      try {
        return make(folder, authority, host, validity);
      } finally {
        for (var name : List.of("ca.crt", "ca.key", "tls.crt", "tls.key")) {
          Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> make(
      Path folder, Map<String, byte[]> authority, String host, Duration validity)
      throws IOException {
    Files.write(folder.resolve("ca.crt"), authority.getOrDefault("tls.crt", new byte[0]));
    Files.write(folder.resolve("ca.key"), authority.getOrDefault("tls.key", new byte[0]));
    var command =
        List.of(
            "openssl",
            "req",
            "-x509",
            "-new",
            "-noenc",
            "-CA",
            "ca.crt",
            "-CAkey",
            "ca.key",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-keyout",
            "tls.key",
            "-out",
            "tls.crt",
            "-days",
            Long.toString(validity.toDays()),
            "-subj",
            "/CN=" + host,
            "-addext",
            "basicConstraints=critical,CA:false",
            "-addext",
            "subjectAltName=DNS:" + host);
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new AssertionError("openssl failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return Map.of(
        "tls.crt", base64(folder.resolve("tls.crt")), "tls.key", base64(folder.resolve("tls.key")));
  }

  private static String base64(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }
}
