package io.mqttoperator.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A CA that is neither the operator's nor the broker's, by openssl(1). */
public final class ForeignAuthority implements AutoCloseable {

  private final Path folder;
  private int issued;

  public ForeignAuthority() {
    try {
      folder = Files.createTempDirectory("e2e-authority");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    make(
        "ca",
        "-subj",
        "/CN=somebody's CA",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign");
  }

  /** The CA itself, as the values of a Secret. */
  Map<String, String> authority() {
    return Map.of("tls.crt", read("ca.crt"), "tls.key", read("ca.key"), "ca.crt", read("ca.crt"));
  }

  String certificate() {
    return read("ca.crt");
  }

  /** A server certificate of a day, as the values of a Secret. */
  public Map<String, String> server(String host) {
    var name = "server-" + ++issued;
    make(
        name,
        "-CA",
        "ca.crt",
        "-CAkey",
        "ca.key",
        "-subj",
        "/CN=server",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-addext",
        "subjectAltName=DNS:" + host + ",DNS:" + host + ".cluster.local");
    return Map.of(
        "tls.crt", read(name + ".crt"), "tls.key", read(name + ".key"), "ca.crt", certificate());
  }

  /**
   * What openssl's client says of a server: the serial in lower-case hex, if it verifies the chain
   * and the name with this CA; else what is wrong.
   */
  String shownBy(Broker broker, int port) {
    var address = broker.service(port);
    var said =
        run(
            List.of(
                "sh",
                "-c",
                ("openssl s_client -connect %s:%d -servername %s -verify_hostname %s -CAfile ca.crt"
                        + " -verify_return_error </dev/null 2>shown.err | tee shown |"
                        + " openssl x509 -noout -serial 2>/dev/null; grep 'Verify return code' shown;"
                        + " tail -n 3 shown.err")
                    .formatted(
                        address.getAddress().getHostAddress(),
                        port,
                        broker.host(),
                        broker.host())));
    return said.contains("Verify return code: 0 (ok)")
        ? said.lines().findFirst().orElse("").replace("serial=", "").toLowerCase(Locale.ROOT)
        : said;
  }

  /** The serial of a certificate, as {@link #shownBy} has it. */
  String serial(Map<String, String> secret) {
    try {
      Files.writeString(folder.resolve("asked.crt"), secret.getOrDefault("tls.crt", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run(List.of("openssl", "x509", "-in", "asked.crt", "-noout", "-serial"))
        .strip()
        .replace("serial=", "")
        .toLowerCase(Locale.ROOT);
  }

  private void make(String name, String... more) {
    var command =
        Stream.concat(
                Stream.of(
                    "openssl",
                    "req",
                    "-x509",
                    "-new",
                    "-noenc",
                    "-days",
                    "2",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-keyout",
                    name + ".key",
                    "-out",
                    name + ".crt"),
                Stream.of(more))
            .toList();
    var unused = run(command);
  }

  private String run(List<String> command) {
    try {
      var process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError("openssl failed: " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String read(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
