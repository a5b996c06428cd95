package io.mqttoperator.operator.pki;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Certificates as others make them, by openssl: a root, an intermediate CA, servers. */
final class OpensslChain {

  static final String CA =
      "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign";
  static final String SERVER =
      "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n"
          + "subjectAltName=DNS:fleet.plant.svc.cluster.local,DNS:*.example.org";

  private final OpenSsl openSsl;
  private int serial;

  /** A root called {@code root}, {@code middle} signed by it, {@code server} signed by that. */
  OpensslChain(Path folder) throws Exception {
    openSsl = new OpenSsl(folder);
    key("root", "EC", "ec_paramgen_curve:P-256");
    certificate("root", "root", 3650, CA);
    key("middle", "EC", "ec_paramgen_curve:P-256");
    certificate("middle", "root", 365, CA);
    key("server", "EC", "ec_paramgen_curve:P-256");
    certificate("server", "middle", 90, SERVER);
  }

  /** Makes {@code name.key}. */
  void key(String name, String algorithm, String... options) throws Exception {
    var command =
        new ArrayList<>(List.of("genpkey", "-algorithm", algorithm, "-out", name + ".key"));
    for (var option : options) {
      command.addAll(List.of("-pkeyopt", option));
    }
    run(command.toArray(String[]::new));
  }

  /** Makes {@code name.crt} of {@code name.key}. */
  void certificate(String name, String issuer, int days, String extensions, String... more)
      throws Exception {
    openSsl.file(name + ".ext", extensions.getBytes(StandardCharsets.US_ASCII));
    run("req", "-new", "-key", name + ".key", "-subj", "/CN=" + name, "-out", name + ".csr");
    var command =
        new ArrayList<>(
            List.of("x509", "-req", "-in", name + ".csr", "-days", Integer.toString(days)));
    command.addAll(List.of("-extfile", name + ".ext", "-out", name + ".crt"));
    command.addAll(List.of("-set_serial", Integer.toString(++serial)));
    command.addAll(
        issuer.equals(name)
            ? List.of("-signkey", name + ".key")
            : List.of("-CA", issuer + ".crt", "-CAkey", issuer + ".key"));
    command.addAll(List.of(more));
    run(command.toArray(String[]::new));
  }

  /** Whatever else openssl makes. */
  void run(String... command) throws Exception {
    var result = openSsl.run(command);
    if (result.exitCode() != 0) {
      throw new IOException(String.join(" ", command) + ": " + result.output());
    }
  }

  /** The files one after the other. */
  byte[] file(String... names) throws IOException {
    var all = new ByteArrayOutputStream();
    for (var name : names) {
      all.writeBytes(openSsl.read(name));
    }
    return all.toByteArray();
  }

  void write(String name, byte[] content) throws IOException {
    var unused = openSsl.file(name, content);
  }
}
