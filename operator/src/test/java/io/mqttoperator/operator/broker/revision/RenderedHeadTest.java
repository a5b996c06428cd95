package io.mqttoperator.operator.broker.revision;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.mosquitto.AccessHead;
import io.mqttoperator.operator.mosquitto.BrokerConfiguration;
import io.mqttoperator.operator.mosquitto.OperatorAccount;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.SaltKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RenderedHeadTest {

  private static final SaltKey SALTS = new SaltKey(new byte[32]);
  private static final PasswordHash HASH = PasswordHash.ofNobody(SALTS);
  private static final AccessHead HEAD =
      new AccessHead(new OperatorAccount("$mqtt-operator-" + "0".repeat(32)), List.of(), HASH);
  private static final BrokerConfiguration CONFIGURATION = Samples.defaults().configuration();
  private static final RenderedHead WANTED = new RenderedHead(CONFIGURATION, HEAD);

  @Test
  void whatIsRenderedSaysWhatItIsToSay() {
    RenderedHead.read(files(), CONFIGURATION).require(WANTED);
  }

  @Test
  void anythingElseIsNoticed() {
    for (var change :
        Map.of(
                "acl-head",
                text(HEAD.renderAcl()).replace("$SYS/#\n", "$SYS/#\ntopic read #\n"),
                "password-head",
                "anybody:" + HASH.value() + "\n",
                "mosquitto.conf",
                "allow_anonymous true\n")
            .entrySet()) {
      var files = files();
      files.put(change.getKey(), change.getValue().getBytes(US_ASCII));
      assertThatThrownBy(() -> RenderedHead.read(files, CONFIGURATION).require(WANTED))
          .as(change.getKey())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageNotContaining(HASH.value());
    }
  }

  private static Map<String, byte[]> files() {
    var files = new HashMap<String, byte[]>();
    files.put("mosquitto.conf", Samples.defaults().configuration().render());
    files.put("acl-head", HEAD.renderAcl());
    files.put("password-head", HEAD.renderPassword());
    return files;
  }

  private static String text(byte[] content) {
    return new String(content, US_ASCII);
  }
}
