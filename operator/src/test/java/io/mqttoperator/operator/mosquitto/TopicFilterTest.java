package io.mqttoperator.operator.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFilterTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "/",
        "//",
        "a/",
        "#",
        "+",
        "+/+/#",
        "a/+/b",
        "a b",
        "$SYS",
        "$SYS/#",
        "a/$x",
        "à",
        "😀",
        "{x}",
        "%u",
        "read",
        "a/{username"
      })
  void acceptsWhatMqttDoes(String filter) {
    assertThat(TopicFilter.problem(filter)).isEmpty();
    assertThat(TopicTemplate.problem(filter)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "''|is empty",
        "#/a|'#' that is not the whole last level",
        "a#|'#' that is not the whole last level",
        "a/#/b|'#' that is not the whole last level",
        "a+|'+' that is not a whole level",
        "a/+b/c|'+' that is not a whole level",
        " a|begins or ends with a space",
        "a/ |begins or ends with a space",
        "a\u00a0|begins or ends with a space",
        "$share/g/a|begins with '$'",
        "$CONTROL/x|begins with '$'",
        "$|begins with '$'",
        "$SYSx|begins with '$'",
        "$mqtt-operator/revision/x|begins with '$'"
      })
  void saysWhyItRefusesAnother(String filter, String reason) {
    assertThat(TopicFilter.problem(filter)).get().asString().contains(reason);
    assertThatIllegalArgumentException().isThrownBy(() -> new TopicFilter(filter));
    assertThatIllegalArgumentException().isThrownBy(() -> new TopicTemplate(filter));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 1, 9, 10, 13, 0x1F, 0x7F, 0x85, 0x9F, 0xD800, 0xDFFF, 0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFF
      })
  void refusesCharactersThatMqttRefuses(int point) {
    assertThat(TopicFilter.problem("a" + Character.toString(point) + "b"))
        .contains("The topic filter holds U+%04X, which MQTT does not allow".formatted(point));
  }

  @Test
  void refusesMoreLevelsThanMosquittoReads() {
    assertThat(TopicFilter.problem("/".repeat(200))).isEmpty();
    assertThat(TopicFilter.problem("/".repeat(201))).get().asString().contains("201 levels");
  }

  @Test
  void refusesMoreBytesThanMqttCarries() {
    assertThat(TopicFilter.problem("é".repeat(32_767))).isEmpty();
    assertThat(TopicFilter.problem("é".repeat(32_768))).get().asString().contains("65535 bytes");
  }

  @Test
  void aTemplateHasAtMost256Characters() {
    assertThat(TopicTemplate.problem("😀".repeat(256))).isEmpty();
    assertThat(TopicTemplate.problem("a".repeat(257))).get().asString().contains("256 characters");
  }

  @Test
  void placeholdersStandForWholeLevels() {
    var template = new TopicTemplate("{namespace}/+/{username}/{username}/#");
    assertThat(template.expand(new Username("al.ice@x"), "ns-1").value())
        .isEqualTo("ns-1/+/al.ice@x/al.ice@x/#");
    assertThat(TopicTemplate.problem("a/x{username}")).get().asString().contains("{username}");
    assertThat(TopicTemplate.problem("{namespace}{username}")).isPresent();
    assertThat(TopicTemplate.problem("{namespace} /a")).isPresent();
  }

  @Test
  void anonymousClientsHaveANamespaceButNoName() {
    assertThat(new TopicTemplate("a/{namespace}").expandAnonymous("ns"))
        .contains(new TopicFilter("a/ns"));
    assertThat(new TopicTemplate("a/{username}").expandAnonymous("ns")).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "+", "#", "A", "a.b", "-a"})
  void aNamespaceIsADnsLabel(String namespace) {
    var template = new TopicTemplate("{namespace}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> template.expand(new Username("u"), namespace));
  }
}
