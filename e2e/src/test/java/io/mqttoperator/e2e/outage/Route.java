package io.mqttoperator.e2e.outage;

import com.hivemq.client.mqtt.MqttClientTransportConfig;
import java.util.Optional;

/** How a device reaches the broker now; empty while its name has no address. */
interface Route {
  Optional<MqttClientTransportConfig> now();
}
