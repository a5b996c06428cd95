package io.mqttoperator.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNamesTest {
  @Test
  void namesAreKeptOnceInLowerCase() {
    assertThat(
            profile(
                List.of("A.svc", "a.svc", "*.B"), List.of("::1", "0:0:0:0:0:0:0:1", "10.0.0.1")))
        .satisfies(profile -> assertThat(profile.dnsNames()).containsExactly("a.svc", "*.b"))
        .satisfies(
            profile ->
                assertThat(profile.ipAddresses()).containsExactly("0:0:0:0:0:0:0:1", "10.0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ".", "a.", ".a", "a..b", "a b", "a_b", "-a", "a-", "a.*", "**.a", "*", "x*.a", "ü",
        "1.2.3.4", "a\n", "a\0b"
      })
  void whatIsNoDnsNameIsRefused(String name) {
    assertThatThrownBy(() -> profile(List.of(name), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "10.0.0.0/8",
        "::1%lo",
        "[::1]",
        "1",
        ":::"
      })
  void whatIsNoAddressIsRefusedWithoutALookup(String address) {
    assertThatThrownBy(() -> profile(List.of(), List.of(address)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void labelsAndNamesHaveALongestLength() {
    String label = "a".repeat(63);
    assertThat(
            profile(List.of(label + "." + label + "." + label + "." + "a".repeat(61)), List.of())
                .dnsNames())
        .hasSize(1);
    assertThatThrownBy(() -> profile(List.of("a".repeat(64)), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> profile(List.of((label + ".").repeat(3) + "a".repeat(62)), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> profile(List.of(), List.of())).hasMessageContaining("at least one");
  }

  private static ServerProfile profile(List<String> dnsNames, List<String> ipAddresses) {
    return new ServerProfile(
        "", dnsNames, ipAddresses, KeyAlgorithm.ECDSA_P256, Duration.ofHours(1));
  }
}
