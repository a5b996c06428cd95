package io.mqttoperator.operator.mqtt;

import com.hivemq.client.mqtt.exceptions.ConnectionClosedException;
import com.hivemq.client.mqtt.exceptions.MqttClientStateException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in a phrase why a connection failed. */
final class ConnectionFailure {

  private static final int LONGEST = 200;

  private ConnectionFailure() {}

  /** The phrase for the first cause that we know, from the outermost inwards. */
  static String phrase(Throwable failure) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      String known = known(t);
      if (known != null) {
        return oneLine(known);
      }
    }
    return oneLine("the connection failed: " + failure.getClass().getSimpleName());
  }

  private static @Nullable String known(Throwable t) {
    return switch (t) {
      case ConnectTimeoutException e -> "timed out while connecting";
      case SslHandshakeTimeoutException e -> "timed out during the TLS handshake";
      case NoRouteToHostException e -> "no route to host";
      case ConnectException e ->
          String.valueOf(e.getMessage()).contains("refused")
              ? "connection refused"
              : "cannot connect: the network is unreachable";
      case SSLException e -> "TLS failed: " + innermostMessage(e);
      case Mqtt5ConnAckException e ->
          "the broker refused the login: " + e.getMqttMessage().getReasonCode();
      case Mqtt5PubAckException e -> "the broker answered " + e.getMqttMessage().getReasonCode();
      case Mqtt5DisconnectException e ->
          "disconnected: " + e.getMqttMessage().getReasonCode() + ": " + e.getMessage();
      case MqttClientStateException e -> "the connection was lost";
      // Ours: an identity that is not usable.
      case IllegalArgumentException e -> String.valueOf(e.getMessage());
      case TimeoutException e -> String.valueOf(e.getMessage());
      // Its cause says more, if it has one.
      case ConnectionClosedException e when e.getCause() == null ->
          "connection closed: " + e.getMessage();
      default -> null;
    };
  }

  /**
   * The JDK wraps the reason that helps (a name that does not match, no path to a CA) innermost.
   */
  private static String innermostMessage(Throwable t) {
    Throwable innermost = t;
    for (@Nullable Throwable cause = t.getCause(); cause != null; cause = cause.getCause()) {
      innermost = cause;
    }
    return String.valueOf(innermost.getMessage());
  }

  /** A peer's certificate or message may hold anything; conditions and logs get one short line. */
  private static String oneLine(String text) {
    String printable = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return printable.length() <= LONGEST ? printable : printable.substring(0, LONGEST) + "…";
  }
}
