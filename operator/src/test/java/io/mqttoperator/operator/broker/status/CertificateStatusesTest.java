package io.mqttoperator.operator.broker.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.certificates.OwnAuthorityChoiceTest;
import org.junit.jupiter.api.Test;

class CertificateStatusesTest {

  /** Its owner renews it. */
  @Test
  void anOwnersAuthorityIsToldWithoutATimeOfRenewal() throws Exception {
    var authority = OwnAuthorityChoiceTest.authority(Samples.NOW);
    var told = CertificateStatuses.of(OwnAuthorityChoiceTest.taken(authority)).getFirst();
    assertThat(told.serial()).isEqualTo(authority.serialHex());
    assertThat(told.renewAt()).isNull();
  }
}
