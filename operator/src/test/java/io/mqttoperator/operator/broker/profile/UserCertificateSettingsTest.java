package io.mqttoperator.operator.broker.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.mqttoperator.api.UserCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserCertificateSettingsTest {

  /** What came past the schema would otherwise end the pass of its broker. */
  @ParameterizedTest
  @ValueSource(strings = {"0s", "0h", "59m59s"})
  void aCertificateIsValidForAnHourAtLeast(String validity) {
    assertThat(UserCertificateSettings.problem(with(validity)))
        .contains("validity: a certificate is valid for at least 1h.");
  }

  @Test
  void anHourIsEnough() {
    assertThat(UserCertificateSettings.problem(with("1h"))).isEmpty();
  }

  private static UserCertificate with(String validity) {
    return Serialization.unmarshal("validity: %s".formatted(validity), UserCertificate.class);
  }
}
