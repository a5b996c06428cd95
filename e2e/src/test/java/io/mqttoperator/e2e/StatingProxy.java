package io.mqttoperator.e2e;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A proxy on the loopback interface that begins each connection with a header of the PROXY
 * protocol. It states an address that nobody has, so that none but the header can have told it.
 */
final class StatingProxy implements AutoCloseable {

  static final String CLIENT = "203.0.113.7";
  static final int CLIENT_PORT = 4711;

  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };

  private final ServerSocket server;
  private final InetSocketAddress target;
  private final byte[] header;

  private StatingProxy(InetSocketAddress target, byte[] header) {
    this.target = target;
    this.header = header.clone();
    try {
      server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::serve);
  }

  /** As of section 2.1 of HAProxy's proxy-protocol.txt. */
  static StatingProxy ofVersion1(InetSocketAddress target) {
    var line = "PROXY TCP4 %s 192.0.2.1 %d 1883\r\n".formatted(CLIENT, CLIENT_PORT);
    return new StatingProxy(target, line.getBytes(StandardCharsets.US_ASCII));
  }

  /** As of section 2.2: version 2, PROXY, TCP over IPv4, 12 bytes of addresses. */
  static StatingProxy ofVersion2(InetSocketAddress target) {
    var header = ByteBuffer.allocate(28).put(SIGNATURE).putInt(0x2111000c);
    header.put(new byte[] {(byte) 203, 0, 113, 7}).put(new byte[] {(byte) 192, 0, 2, 1});
    return new StatingProxy(
        target, header.putShort((short) CLIENT_PORT).putShort((short) 1883).array());
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
  }

  private void serve() {
    try {
      while (true) {
        var client = server.accept();
        Thread.ofVirtual().start(() -> forward(client));
      }
    } catch (IOException closed) {
      // The test has ended.
    }
  }

  private void forward(Socket client) {
    try {
      var broker = new Socket(target.getAddress(), target.getPort());
      broker.getOutputStream().write(header);
      Thread.ofVirtual().start(() -> copy(client, broker));
      copy(broker, client);
    } catch (IOException e) {
      close(client);
    }
  }

  private static void copy(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException ended) {
      close(from);
      close(to);
    }
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    close(server);
  }
}
