package io.mqttoperator.operator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** Keeps all that the operator says, and every secret there ever was, and compares them. */
public final class SecretLeaks {

  /** Shorter ones would be found by chance. */
  private static final int SHORTEST = 12;

  private static final Set<String> PUBLIC =
      Set.of(
          "tls.crt",
          "ca.crt",
          "internal.crt",
          "internal.crl",
          "internal-ca.crt",
          "server.crt",
          "host",
          "port",
          "uri",
          "username",
          "type",
          "provider",
          "mosquitto.conf",
          "manifest",
          "revision",
          "requirements");

  private static final Pattern HASH = Pattern.compile("\\$7\\$\\d+\\$[^$]+\\$\\S+");

  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  private SecretLeaks() {}

  static SecretLeaks watch(KubernetesClient client) {
    var leaks = new SecretLeaks();
    client.secrets().inAnyNamespace().inform(leaks.new Secrets());
    leaks.listen();
    return leaks;
  }

  private void listen() {
    var ours = (Logger) LoggerFactory.getLogger("io.mqttoperator");
    ours.setLevel(Level.TRACE);
    var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    var listener =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            said.add(event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
              said.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
          }
        };
    listener.setContext(root.getLoggerContext());
    listener.start();
    root.addAppender(listener);
  }

  /** Whether it is looked for. */
  public boolean isKnown(String secret) {
    return secrets.contains(secret);
  }

  /** All log lines so far. */
  public List<String> said() {
    return List.copyOf(said);
  }

  /** Fails if a secret stands in what the operator logged, or in any event or status. */
  public void assertNone(KubernetesClient client) {
    var places = new ArrayList<String>(said);
    client.events().v1().events().inAnyNamespace().list().getItems().stream()
        .map(Serialization::asJson)
        .forEach(places::add);
    for (var kind : List.of(MqttBroker.class, MqttUser.class, MqttAcl.class)) {
      client.resources(kind).inAnyNamespace().list().getItems().stream()
          .map(Serialization::asJson)
          .forEach(places::add);
    }
    var all = String.join("\n", places);
    for (var secret : secrets) {
      assertThat(all.contains(secret))
          .as("a secret stands in a log, an event or a status")
          .isFalse();
    }
  }

  private void remember(Map<String, String> data) {
    data.forEach(
        (key, base64) -> {
          if (PUBLIC.contains(key)) {
            return;
          }
          var bytes = Base64.getDecoder().decode(base64);
          var text = new String(bytes, StandardCharsets.UTF_8);
          add(base64);
          add(HexFormat.of().formatHex(bytes));
          if (key.startsWith("acl-")) {
            return;
          }
          if (key.startsWith("password-")) {
            HASH.matcher(text).results().forEach(hash -> add(hash.group()));
          } else if (key.endsWith(".key")) {
            // Any whole line of the key's middle.
            text.lines().skip(1).limit(1).forEach(this::add);
          } else {
            add(text);
          }
        });
  }

  private void add(String secret) {
    if (secret.length() >= SHORTEST) {
      secrets.add(secret);
    }
  }

  private final class Secrets implements ResourceEventHandler<Secret> {
    @Override
    public void onAdd(Secret secret) {
      if (secret.getData() != null) {
        remember(secret.getData());
      }
    }

    @Override
    public void onUpdate(Secret before, Secret after) {
      onAdd(after);
    }

    @Override
    public void onDelete(Secret secret, boolean unseen) {}
  }
}
