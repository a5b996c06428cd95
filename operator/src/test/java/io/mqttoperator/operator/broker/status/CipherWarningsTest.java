package io.mqttoperator.operator.broker.status;

import static io.mqttoperator.operator.broker.Samples.profileWith;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.broker.certificates.SecretKeeperTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class CipherWarningsTest {

  /** The broker's own key is ECDSA. */
  @Test
  void ciphersThatFitNoCertificateAreSaid() {
    var listener = "listeners: [{name: a, port: 1883, tls: {ciphers: [%s]}}]";
    for (var some :
        List.of("ECDHE-RSA-AES128-SHA, ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA")) {
      var profile = profileWith(listener.formatted(some));
      assertThat(CipherWarnings.of(profile, SecretKeeperTest.made(profile))).isEmpty();
    }
    var profile = profileWith(listener.formatted("ECDHE-RSA-AES128-SHA, AES128-SHA"));
    assertThat(CipherWarnings.of(profile, SecretKeeperTest.made(profile)))
        .containsExactly(
            "Listener a: none of its ciphers is for a certificate with an ECDSA key: clients of"
                + " TLS 1.2 cannot connect.");
  }
}
