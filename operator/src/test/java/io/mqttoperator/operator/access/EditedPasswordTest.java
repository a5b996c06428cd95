package io.mqttoperator.operator.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.operator.access.UserObservation.WrittenPassword;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody edits the Secret that the operator wrote for a user. */
class EditedPasswordTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "two\nlines", "ends with\r", "nul\0"})
  void oneThatNoFileCanHoldIsReplaced(String edited) {
    var accepted = Verdict.yes(Reason.ACCEPTED, "");
    assertThat(Password.decide(user(edited), accepted, StoredHashes.NONE))
        .isEqualTo(new Password.ToGenerate(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two\nlines"})
  void isNoLastGoodOne(String edited) {
    var refused = Verdict.no(Reason.INVALID_PASSWORD, "");
    assertThat(Password.decide(user(edited), refused, StoredHashes.NONE))
        .isEqualTo(new Password.None());
  }

  private static UserObservation user(String written) {
    var user = new MqttUser();
    user.setSpec(new MqttUserSpec(new BrokerRef("fleet", null), null, null, null, null));
    var bytes = new SecretBytes(written.getBytes(StandardCharsets.UTF_8));
    return new UserObservation(
        user,
        user,
        new Standing.Member(),
        Optional.empty(),
        Optional.of(new WrittenPassword(bytes, 1)));
  }
}
