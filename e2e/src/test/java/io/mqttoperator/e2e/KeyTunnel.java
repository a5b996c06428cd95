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
 * TLS with a pre-shared key, which Java does not have: openssl's client behind a port of the
 * loopback interface, a new one for each connection. One ends with the other.
 */
final class KeyTunnel implements AutoCloseable {

  private final ServerSocket server;
  private final List<String> command = new ArrayList<>();
  private final Queue<Process> running = new ConcurrentLinkedQueue<>();

  /**
   * Opens it.
   *
   * @param key in hexadecimal
   * @param options of {@code openssl s_client}
   */
  KeyTunnel(InetSocketAddress broker, String identity, String key, String... options) {
    command.addAll(List.of("openssl", "s_client", "-quiet", "-connect"));
    command.add(broker.getAddress().getHostAddress() + ":" + broker.getPort());
    command.addAll(List.of("-psk_identity", identity, "-psk", key));
    command.addAll(List.of(options));
    try {
      server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    start(this::accept);
  }

  /** A client without TLS of its own. */
  Client client() {
    return Client.withoutTls(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
  }

  private void accept() throws IOException {
    while (true) {
      var socket = server.accept();
      var openssl =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      running.add(openssl);
      start(
          () -> {
            try (socket) {
              copy(openssl.getInputStream(), socket.getOutputStream());
            } finally {
              openssl.destroyForcibly();
            }
          });
      start(
          () -> {
            try {
              copy(socket.getInputStream(), openssl.getOutputStream());
            } finally {
              openssl.destroyForcibly();
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
