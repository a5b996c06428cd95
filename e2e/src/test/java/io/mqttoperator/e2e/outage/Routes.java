package io.mqttoperator.e2e.outage;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfig;
import io.mqttoperator.e2e.Broker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;

/** The ways to a broker's clients' listener. */
final class Routes {

  private static final int CONNECT_SECONDS = 1;

  private record Trust(String pem, TrustManagerFactory managers) {}

  private final Broker broker;
  private final View view;
  private volatile Optional<Trust> trust = Optional.empty();

  Routes(Broker broker, View view) {
    this.broker = broker;
    this.view = view;
  }

  /** The way to one pod by its own name. */
  Route toPod(int ordinal) {
    return () ->
        view.pod(BrokerUnderChange.pod(ordinal))
            .map(found -> found.getStatus().getPodIP())
            .map(ip -> transport(ip, Broker.DEFAULT_PORT));
  }

  /** The way to any pod, by the Service. */
  Route toService() {
    return () ->
        view.service(broker.name())
            .map(
                service ->
                    transport(
                        service.getSpec().getClusterIP(),
                        service.getSpec().getPorts().stream()
                            .filter(port -> port.getName().equals(BrokerSpec.CLIENTS))
                            .findFirst()
                            .orElseThrow()
                            .getPort()));
  }

  private MqttClientTransportConfig transport(String ip, int port) {
    try {
      var bytes = InetAddress.getByName(ip).getAddress();
      return MqttClientTransportConfig.builder()
          .serverAddress(
              new InetSocketAddress(InetAddress.getByAddress(broker.host(), bytes), port))
          .socketConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
          .sslConfig(MqttClientSslConfig.builder().trustManagerFactory(trusted()).build())
          .build();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("not an address: " + ip, e);
    }
  }

  /** Read again when it has changed, as by a device that is given the new bundle. */
  private TrustManagerFactory trusted() {
    var pem =
        view.configMap(broker.name() + "-trust")
            .map(found -> found.getData().get("ca.crt"))
            .orElseThrow();
    var known = trust.filter(found -> found.pem().equals(pem));
    if (known.isPresent()) {
      return known.get().managers();
    }
    var managers = Broker.trust(pem);
    trust = Optional.of(new Trust(pem, managers));
    return managers;
  }
}
