package io.mqttoperator.operator.broker.revision;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.mosquitto.SaltKey;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PasswordHashesTest {

  private static final SaltKey SALTS = new SaltKey(new byte[32]);

  @Test
  void usersThatAreGoneAreForgotten() {
    var hashes = new PasswordHashes();
    var password = new SecretBytes("trout".getBytes(US_ASCII));
    hashes.of(new Username("alice"), password, SALTS, 1);
    hashes.of(new Username("bob"), password, SALTS, 1);
    hashes.keepOnly(Set.of(new Username("bob")));
    assertThat(hashes.size()).isOne();
  }
}
