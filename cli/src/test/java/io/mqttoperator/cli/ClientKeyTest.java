package io.mqttoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientKeyTest {

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void aKeyOfAnyKindIsToldByWhatItHolds(String algorithm) throws GeneralSecurityException {
    var key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();
    var pem =
        "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(key.getEncoded()));
    assertThat(ClientKey.algorithm(pem)).isEqualTo(algorithm);
  }

  @Test
  void theOlderFormNamesItsKind() {
    assertThat(ClientKey.algorithm("-----BEGIN EC PRIVATE KEY-----\n")).isEqualTo("EC");
    assertThat(ClientKey.algorithm("-----BEGIN RSA PRIVATE KEY-----\n")).isEqualTo("RSA");
  }
}
