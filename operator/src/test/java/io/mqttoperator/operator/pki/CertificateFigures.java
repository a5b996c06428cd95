package io.mqttoperator.operator.pki;

import io.mqttoperator.operator.pki.LedgerEntry.State;
import io.mqttoperator.operator.testing.MosquittoProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Prints the figures of docs/certificates.md as Markdown tables: what certificates of each
 * algorithm cost to make and to show, and 10,000 of them. {@code e2e/certificates} runs it. It
 * counts the time of the processor, not of the clock: so others on the machine change little.
 */
public final class CertificateFigures {

  private static final Duration LEAST = Duration.ofSeconds(5);
  private static final int HANDSHAKE_SECONDS = 5;
  private static final int MANY = 10_000;
  private static final Duration VALIDITY = Duration.ofDays(90);

  /** What varies in a list that grew over a year is made of this seed: each run's is as long. */
  private static final long SEED = 1;

  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  /** Of Linux: sysconf(_SC_CLK_TCK). */
  private static final double TICKS_IN_SECOND = 100;

  private static final Pattern CONNECTIONS = Pattern.compile("([0-9]+) connections in");

  private final PrintStream out = System.out;
  private final CertificateIssuer issuer =
      new CertificateIssuer(Clock.systemUTC(), new SecureRandom());
  private final KeyAndCertificate authority = authority("fleet CA");

  private CertificateFigures() {}

  /** Without arguments. */
  public static void main(String[] arguments) throws Exception {
    var figures = new CertificateFigures();
    figures.issuing();
    figures.handshakes();
    figures.many();
  }

  private KeyAndCertificate authority(String name) {
    return issuer.createAuthority(
        new AuthorityProfile(name, KeyAlgorithm.ECDSA_P256, Duration.ofDays(3650)));
  }

  private KeyAndCertificate client(KeyAlgorithm algorithm, int number) {
    return issuer.issueClient(
        authority,
        new ClientProfile("sensor-%05d".formatted(number), algorithm, Duration.ofDays(90)));
  }

  private void issuing() {
    out.println("| Algorithm | Certificate (DER) | Made in a second, on one core | Each |");
    out.println("|---|---|---|---|");
    for (var algorithm : KeyAlgorithm.values()) {
      client(algorithm, 0);
      var begin = cpu();
      var made = 0;
      while (cpu() - begin < LEAST.toNanos()) {
        client(algorithm, made++);
      }
      var each = (cpu() - begin) / 1e6 / made;
      out.printf(
          Locale.ROOT,
          "| %s | %d bytes | %.1f | %.2f ms |%n",
          algorithm,
          der(client(algorithm, 1)),
          1000 / each,
          each);
    }
    out.println();
  }

  private static int der(KeyAndCertificate pair) {
    try {
      return pair.certificate().getEncoded().length;
    } catch (java.security.cert.CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void handshakes() throws Exception {
    out.println("| Server's key | Client's key | TLS | Broker's processor time for a connection |");
    out.println("|---|---|---|---|");
    for (var server : KeyAlgorithm.values()) {
      handshakes(server, Optional.empty());
    }
    for (var client : KeyAlgorithm.values()) {
      handshakes(KeyAlgorithm.ECDSA_P256, Optional.of(client));
    }
    out.println();
  }

  private void handshakes(KeyAlgorithm algorithm, Optional<KeyAlgorithm> clients) throws Exception {
    var server =
        issuer.issueServer(
            authority,
            new ServerProfile(
                "localhost", List.of("localhost"), List.of(), algorithm, Duration.ofDays(90)));
    try (var broker = new MosquittoProcess()) {
      var port = MosquittoProcess.freePort();
      write(broker, "ca.crt", authority.certificatePem());
      write(broker, "server.crt", server.certificatePem());
      write(broker, "server.key", server.keyPem());
      write(broker, "clients.crl", issuer.certificateRevocationList(authority).pem());
      if (clients.isPresent()) {
        var client = client(clients.get(), 1);
        write(broker, "client.crt", client.certificatePem());
        write(broker, "client.key", client.keyPem());
      }
      broker.write("mosquitto.conf", configuration(broker, port, clients.isPresent())).start();
      for (var version : List.of("-tls1_3", "-tls1_2")) {
        measure(broker, port, algorithm, clients, version);
      }
    }
  }

  private static void write(MosquittoProcess broker, String file, byte[] content) {
    broker.write(file, new String(content, StandardCharsets.US_ASCII));
  }

  private static String configuration(MosquittoProcess broker, int port, boolean takesClients) {
    var common =
        """
        user root
        allow_anonymous true
        listener %d 127.0.0.1
        certfile %s
        keyfile %s
        """
            .formatted(port, broker.inside("server.crt"), broker.inside("server.key"));
    return takesClients
        ? common
            + """
            cafile %s
            crlfile %s
            require_certificate true
            use_identity_as_username true
            """
                .formatted(broker.inside("ca.crt"), broker.inside("clients.crl"))
        : common;
  }

  private void measure(
      MosquittoProcess broker,
      int port,
      KeyAlgorithm server,
      Optional<KeyAlgorithm> client,
      String version)
      throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                "openssl",
                "s_time",
                "-new",
                version,
                "-CAfile",
                "ca.crt",
                "-connect",
                "127.0.0.1:" + port,
                "-time",
                Integer.toString(HANDSHAKE_SECONDS)));
    if (client.isPresent()) {
      command.addAll(List.of("-cert", "client.crt", "-key", "client.key"));
    }
    var before = ticks(broker);
    var process =
        new ProcessBuilder(command)
            .directory(broker.directory().toFile())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException(said);
    }
    var found = CONNECTIONS.matcher(said);
    if (!found.find()) {
      throw new IllegalStateException(said);
    }
    var connections = Integer.parseInt(found.group(1));
    out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %.2f ms (of %,d) |%n",
        server,
        client.map(Object::toString).orElse("none"),
        version.substring(4).replace('_', '.'),
        (ticks(broker) - before) / TICKS_IN_SECOND * 1000 / connections,
        connections);
  }

  /** Of user and system, as proc(5) has them, after the name in brackets. */
  private static long ticks(MosquittoProcess broker) throws IOException {
    var stat = Files.readString(Path.of("/proc/" + broker.id() + "/stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private void many() {
    var begin = cpu();
    for (int i = 0; i < MANY; i++) {
      client(KeyAlgorithm.ECDSA_P256, i);
    }
    out.printf("| %,d certificates (EcdsaP256), one thread | |%n|---|---|%n", MANY);
    out.printf(Locale.ROOT, "| issued | %.1f s of processor time |%n", (cpu() - begin) / 1e9);
    var ledger = CertificateLedger.EMPTY.with(entries(new Random(SEED)));
    begin = cpu();
    var bytes = new LedgerFile(1, ledger.shard(0)).render().length;
    out.printf(Locale.ROOT, "| list of issued ones | %,d bytes, %.0f ms |%n", bytes, since(begin));
    var revoked = ledger.settled(holder -> Optional.empty(), BEGIN.plus(VALIDITY));
    begin = cpu();
    var list = issuer.certificateRevocationList(authority, revoked.revoked());
    out.printf(
        Locale.ROOT,
        "| revocation list of all | %,d bytes, %.0f ms |%n",
        list.pem().length,
        since(begin));
    if (revoked.refused().stream().anyMatch(entry -> entry.state() != State.REVOKED)) {
      throw new IllegalStateException("not all are revoked");
    }
  }

  /** As devices that came in the course of their certificates' validity have them. */
  private List<LedgerEntry> entries(Random random) {
    var key = KeyIdentifier.of(authority.certificate());
    return IntStream.range(0, MANY)
        .mapToObj(
            i -> {
              var issued = BEGIN.plusSeconds(random.nextLong(VALIDITY.toSeconds()));
              return new LedgerEntry(
                  new BigInteger(126, random).setBit(126),
                  "sensor-%05d".formatted(i),
                  new UUID(random.nextLong(), random.nextLong()).toString(),
                  1,
                  issued.plus(VALIDITY),
                  State.ISSUED,
                  issued,
                  false,
                  Optional.of(key));
            })
        .toList();
  }

  private static double since(long begin) {
    return (cpu() - begin) / 1e6;
  }
}
