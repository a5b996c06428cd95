package io.mqttoperator.operator.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client with a pre-shared key: TLS is openssl's, since Java has no pre-shared keys; MQTT 5 is as
 * much as is asked here.
 */
public final class KeyConnection implements AutoCloseable {

  private static final int SECONDS = 10;
  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;
  private static final int PUBACK = 4;
  private static final int SUBACK = 9;

  private static final int SESSION_EXPIRY = 0x11;
  private static final int WILL_DELAY = 0x18;

  /** Of MQTT 5: what is not an error. */
  private static final int LEAST_ERROR = 0x80;

  private final Process openssl;
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private final LinkedBlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private int packet;

  /**
   * Connects.
   *
   * @param key in hex
   * @param options of {@code openssl s_client}
   * @throws IllegalStateException if it is not let in
   */
  public KeyConnection(String host, int port, String identity, String key, String... options) {
    this(host, port, identity, key, Optional.empty(), options);
  }

  /** The same with a will, and a session that outlives the connection. */
  public KeyConnection(String host, int port, String identity, String key, Will will) {
    this(host, port, identity, key, Optional.of(will));
  }

  private KeyConnection(
      String host, int port, String identity, String key, Optional<Will> will, String... options) {
    var command = new java.util.ArrayList<>(List.of("openssl", "s_client", "-quiet"));
    command.addAll(List.of("-connect", host + ":" + port, "-psk_identity", identity, "-psk", key));
    command.addAll(List.of(options));
    try {
      openssl = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    var reader = new Thread(this::read, "openssl-" + identity);
    reader.setDaemon(true);
    reader.start();
    send(0x10, connect(will));
    var answer = answer(CONNACK);
    if (answer == null || answer[2] != 0) {
      close();
      throw new IllegalStateException(
          identity + " is not let in" + (answer == null ? "" : ": " + (answer[2] & 0xFF)));
    }
  }

  /** Without a name or a password; a clean start (MQTT 5, 3.1). */
  private static byte[] connect(Optional<Will> will) {
    var body = new ByteArrayOutputStream();
    addText(body, "MQTT");
    body.writeBytes(new byte[] {5, (byte) (will.isPresent() ? 6 : 2), 0, 60});
    addProperty(body, SESSION_EXPIRY, will.isPresent() ? Will.SESSION_SECONDS : 0);
    addText(body, "x");
    will.ifPresent(
        left -> {
          addProperty(body, WILL_DELAY, left.delaySeconds());
          addText(body, left.topic());
          addText(body, "");
        });
    return body.toByteArray();
  }

  /** The only one of its kind. */
  private static void addProperty(ByteArrayOutputStream body, int name, int value) {
    body.write(5);
    body.write(name);
    body.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
  }

  /** Completes when the connection has ended, whoever ended it. */
  public CompletableFuture<Integer> ended() {
    return ended;
  }

  /** The topics of all messages so far. */
  public Queue<String> received() {
    return received;
  }

  public void subscribe(String topic) {
    var body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {0, (byte) ++packet, 0});
    addText(body, topic);
    body.write(1);
    send(0x82, body.toByteArray());
    if (answer(SUBACK) == null) {
      throw new IllegalStateException("no SUBACK");
    }
  }

  /** Publishes with QoS 1; answers whether it was allowed. */
  public boolean mayPublish(String topic) {
    var body = new ByteArrayOutputStream();
    addText(body, topic);
    body.writeBytes(new byte[] {0, (byte) ++packet, 0, 'x'});
    send(0x32, body.toByteArray());
    var answer = answer(PUBACK);
    if (answer == null) {
      throw new IllegalStateException("no PUBACK");
    }
    return answer.length < 4 || (answer[3] & 0xFF) < LEAST_ERROR;
  }

  private static void addText(ByteArrayOutputStream body, String text) {
    var bytes = text.getBytes(UTF_8);
    body.write(bytes.length >> 8);
    body.write(bytes.length);
    body.writeBytes(bytes);
  }

  private void send(int header, byte[] body) {
    try {
      OutputStream out = openssl.getOutputStream();
      out.write(new byte[] {(byte) header, (byte) body.length});
      out.write(body);
      out.flush();
    } catch (IOException hasEnded) {
      // What was to be answered is not.
    }
  }

  private byte @Nullable [] answer(int type) {
    try {
      while (true) {
        var next = answers.poll(SECONDS, TimeUnit.SECONDS);
        if (next == null || next.length == 0 || (next[0] & 0xFF) >> 4 == type) {
          return next == null || next.length == 0 ? null : next;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Bodies of less than 128 bytes; each is kept with its header's first byte before it. */
  private void read() {
    try (var in = new DataInputStream(openssl.getInputStream())) {
      while (true) {
        int header = in.readUnsignedByte();
        var body = new byte[in.readUnsignedByte() + 1];
        body[0] = (byte) header;
        in.readFully(body, 1, body.length - 1);
        if (header >> 4 == PUBLISH) {
          received.add(new String(body, 3, body[2], UTF_8));
        } else {
          answers.add(body);
        }
      }
    } catch (IOException end) {
      answers.add(new byte[0]);
      ended.complete(0);
    }
  }

  @Override
  public void close() {
    openssl.destroyForcibly().onExit().join();
  }
}
