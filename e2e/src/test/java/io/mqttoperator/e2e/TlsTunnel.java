package io.mqttoperator.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * TLS that Java does not have: another program's client behind a port of the loopback interface, a
 * new one for each connection. One ends with the other.
 */
public final class TlsTunnel implements AutoCloseable {

  private final ServerSocket server;
  private final List<String> command;
  private final Queue<Process> running = new ConcurrentLinkedQueue<>();

  /**
   * Opens it.
   *
   * @param command speaks TLS with the broker, and passes its standard input and output on
   */
  TlsTunnel(List<String> command) {
    this.command = List.copyOf(command);
    try {
      server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    start(this::accept);
  }

  /**
   * With a pre-shared key, by program.
   *
   * @param key in hexadecimal
   * @param options of {@code openssl s_client}
   */
  public static TlsTunnel withKey(
      InetSocketAddress broker, String identity, String key, String... options) {
    var command = new ArrayList<>(List.of("openssl", "s_client", "-quiet", "-connect"));
    command.add(broker.getAddress().getHostAddress() + ":" + broker.getPort());
    command.addAll(List.of("-psk_identity", identity, "-psk", key));
    command.addAll(List.of(options));
    return new TlsTunnel(command);
  }

  /** A client without TLS of its own. */
  public Client client() {
    return Client.withoutTls(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
  }

  private void accept() throws IOException {
    while (true) {
      var socket = server.accept();
      var program =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      running.add(program);
      start(
          () -> {
            try (socket) {
              copy(program.getInputStream(), socket.getOutputStream());
            } finally {
              program.destroyForcibly();
            }
          });
      start(
          () -> {
            try {
              copy(socket.getInputStream(), program.getOutputStream());
            } finally {
              program.destroyForcibly();
            }
          });
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                // The other end is told by the end of its stream.
              }
            });
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    var bytes = new byte[8192];
    for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
      out.write(bytes, 0, count);
      out.flush();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    running.forEach(Process::destroyForcibly);
  }
}
