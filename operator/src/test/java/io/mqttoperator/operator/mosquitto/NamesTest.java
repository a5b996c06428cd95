package io.mqttoperator.operator.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "A.b_c@d-9", "-", "@"})
  void aUsernameMayHoldLettersDigitsAndFourSigns(String name) {
    assertThat(new Username(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a:b", "a b", " a", "a\n", "a\u0000", "#a", "$a", "a+", "a/b", "é", "a\t"})
  void aUsernameHoldsNothingElse(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Username(name));
  }

  @Test
  void aUsernameHasAtMost128Characters() {
    assertThat(new Username("a".repeat(128)).value()).hasSize(128);
    assertThatIllegalArgumentException().isThrownBy(() -> new Username("a".repeat(129)));
  }

  @Test
  void theOperatorsAccountIsNoUsernameAndDiffersEachTime() {
    var random = new SecureRandom();
    OperatorAccount account = OperatorAccount.random(random);
    assertThat(account).isNotEqualTo(OperatorAccount.random(random));
    assertThatIllegalArgumentException().isThrownBy(() -> new Username(account.value()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new OperatorAccount("$mqtt-operator-0\n"));
  }
}
