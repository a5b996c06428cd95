package io.mqttoperator.e2e.upgrade;

import io.mqttoperator.e2e.Broker;
import io.mqttoperator.e2e.Client;
import io.mqttoperator.e2e.KeyMaterial;
import io.mqttoperator.e2e.Login;
import io.mqttoperator.e2e.TlsTunnel;

/** What a user shows, and where. */
enum Credentials {
  PASSWORD("password: {}", Broker.DEFAULT_PORT) {
    @Override
    Client client(Broker broker, int pod, String user) {
      return Client.at(broker.pod(pod, port()), broker.trust()).login(broker.login(user));
    }
  },
  CERTIFICATE("certificate: {}", 8886) {
    @Override
    Client client(Broker broker, int pod, String user) {
      return Client.at(broker.pod(pod, port()), broker.trust())
          .keys(KeyMaterial.factory(broker.cluster().secret(user + "-mqtt")));
    }
  },
  /** The tunnel ends with the program. */
  PRE_SHARED_KEY("preSharedKey: {}", 8885) {
    @Override
    Client client(Broker broker, int pod, String user) {
      var key = Login.text(broker.cluster().secret(user + "-mqtt"), "psk");
      return TlsTunnel.withKey(broker.pod(pod, port()), user, key).client();
    }
  };

  private final String spec;
  private final int port;

  Credentials(String spec, int port) {
    this.spec = spec;
    this.port = port;
  }

  /** Fields of an MqttUser's spec. */
  String spec() {
    return spec;
  }

  int port() {
    return port;
  }

  /** Short, and good in a name. */
  String label() {
    return switch (this) {
      case PASSWORD -> "password";
      case CERTIFICATE -> "certificate";
      case PRE_SHARED_KEY -> "key";
    };
  }

  abstract Client client(Broker broker, int pod, String user);
}
