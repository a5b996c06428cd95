package io.mqttoperator.operator.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedListener;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.reactivex.schedulers.Schedulers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Makes the MQTT clients: each for a single connection, none that reconnects by itself. */
final class PodClient {

  /** Before a lost SYN would be sent a third time: a new attempt is quicker. */
  static final Duration TCP_LIMIT = Duration.ofSeconds(1);

  /**
   * Long enough for a broker that re-hashes its clients' passwords on a reload (up to 3 s), and for
   * the first handshake of a JVM that has little CPU. Those who ask have limits of their own.
   */
  static final Duration TLS_LIMIT = Duration.ofSeconds(5);

  static final Duration LOGIN_LIMIT = Duration.ofSeconds(5);

  private static final int KEEP_ALIVE_SECONDS = 20;

  private PodClient() {}

  static Mqtt5AsyncClient create(
      PodEndpoint pod,
      OperatorIdentity identity,
      MqttClientSslConfig tls,
      EventLoop loop,
      MqttClientDisconnectedListener onDisconnected) {
    // A group is shared; on a single loop the library would start a loop of its own, and block it.
    EventLoopGroup group = loop.parent();
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier(identity.account())
        .executorConfig(
            MqttClientExecutorConfig.builder()
                .nettyExecutor(group)
                .applicationScheduler(Schedulers.from(group))
                .build())
        .transportConfig()
        .serverAddress(pod.socketAddress())
        .sslConfig(tls)
        .socketConnectTimeout(TCP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .mqttConnectTimeout(LOGIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .applyTransportConfig()
        .addDisconnectedListener(onDisconnected)
        .buildAsync();
  }

  /** A session that begins empty and ends with the connection. */
  static Mqtt5Connect cleanConnect() {
    return Mqtt5Connect.builder()
        .cleanStart(true)
        .sessionExpiryInterval(0)
        .keepAlive(KEEP_ALIVE_SECONDS)
        .build();
  }
}
