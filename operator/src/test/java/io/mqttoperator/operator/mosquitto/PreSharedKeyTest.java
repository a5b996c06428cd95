package io.mqttoperator.operator.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pre-shared keys, and the file that holds them. */
class PreSharedKeyTest {

  private static final String KEY = "00112233445566778899aabbccddeeff";
  private static final Username ANNA = new Username("anna");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {KEY, "00112233445566778899AABBCCDDEEFF"})
  void hexOfEitherCaseIsTheSameKey(String hex) {
    assertThat(PreSharedKey.parse(bytes(hex)).hex()).isEqualTo(KEY);
    assertThat(PreSharedKey.parse(bytes(hex)))
        .isEqualTo(PreSharedKey.parse(bytes(KEY)))
        .hasSameHashCodeAs(PreSharedKey.parse(bytes(KEY)))
        .hasToString("***");
  }

  @Test
  void aRandomOneIsAnotherEachTime() {
    var random = new SecureRandom();
    var key = PreSharedKey.random(random);
    assertThat(key.hex()).matches("[0-9a-f]{64}");
    assertThat(key).isNotEqualTo(PreSharedKey.random(random));
    assertThat(key.isFullLength()).isTrue();
    assertThat(PreSharedKey.parse(bytes(KEY)).isFullLength()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          '', the key has 0 hex digits
          00112233445566778899aabbccddee, the key has 30 hex digits
          0011223344556677889900112233445, the key is not an even number
          00112233445566778899aabbccddeegg, the key is not an even number
          0x00112233445566778899aabbccddeeff, the key begins with 0x
          00000000000000000000000000000000, the key is not random
          abababababababababababababababab, the key is not random
          ' 0112233445566778899aabbccddeeff', the key is not an even number
          """)
  void whatIsNoKeyIsRefusedWithoutSayingIt(String hex, String problem) {
    assertRefused(hex, problem);
  }

  @Test
  void theCommonMistakeIsNamed() {
    assertRefused(KEY + "\n", "the key ends with a line feed");
    assertRefused(KEY + "\r\n", "the key ends with a line feed");
    assertRefused(KEY.repeat(5), "the key has 160 hex digits, and may have 32 to 128");
    assertRefused(KEY.substring(2) + "\u0130\u0660", "the key is not an even number");
  }

  private static void assertRefused(String hex, String problem) {
    assertThat(PreSharedKey.problem(bytes(hex)).orElseThrow()).startsWith(problem);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PreSharedKey.parse(bytes(hex)))
        .satisfies(
            refused ->
                assertThat(refused.toString())
                    .doesNotContain(hex.length() < 30 ? "no such text" : hex));
  }

  /** Whatever somebody puts into a Secret: a key, and then one line, or a refusal. */
  @Property
  void noBytesMakeAnotherLine(@ForAll("almostKeys") String text) {
    var problem = PreSharedKey.problem(bytes(text));
    assertThat(problem.isEmpty())
        .isEqualTo(text.matches("([0-9a-fA-F]{2}){16,64}") && isMixed(text));
    if (problem.isEmpty()) {
      var file = new PreSharedKeyFile(new TreeMap<>(Map.of(ANNA, PreSharedKey.parse(bytes(text)))));
      var lines = new String(file.render(), StandardCharsets.UTF_8).lines().toList();
      assertThat(lines).singleElement().asString().matches("anna:[0-9a-f]{32,128}");
      assertThat(PreSharedKeyFile.parse(file.render())).isEqualTo(file);
    }
  }

  private static boolean isMixed(String text) {
    return text.toLowerCase(java.util.Locale.ROOT).chars().distinct().count() >= 4;
  }

  @Provide
  Arbitrary<String> almostKeys() {
    var digits =
        Arbitraries.strings()
            .withCharRange('0', '9')
            .withCharRange('a', 'f')
            .withCharRange('A', 'F')
            .ofMinLength(28)
            .ofMaxLength(132);
    var odd = Arbitraries.of("", "", "", "\n", "\r", "\0", ":", "#", " ", "\neve:00", "\u0660");
    return net.jqwik.api.Combinators.combine(digits, odd, odd)
        .as((middle, before, after) -> before + middle + after);
  }

  @Test
  void aFileIsReadBackAsItWasWritten() {
    var users = new TreeMap<Username, PreSharedKey>();
    users.put(new Username("bert"), PreSharedKey.parse(bytes(KEY)));
    users.put(ANNA, PreSharedKey.parse(bytes(KEY.substring(2) + "01")));
    var file = new PreSharedKeyFile(users);
    assertThat(new String(file.render(), StandardCharsets.UTF_8))
        .isEqualTo("anna:" + KEY.substring(2) + "01\nbert:" + KEY + "\n");
    assertThat(PreSharedKeyFile.parse(file.render())).isEqualTo(file);
    assertThat(file).hasToString("PreSharedKeyFile[users=2]");
    assertThat(PreSharedKeyFile.parse(new byte[0]).users()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anna",
        "anna:xyz\n",
        "anna:" + KEY,
        "an na:" + KEY + "\n",
        "#x:" + KEY + "\n",
        "\n",
        "anna:" + KEY + "\nanna:" + KEY + "\n",
        "bert:" + KEY + "\nanna:" + KEY + "\n",
        "anna:00112233445566778899AABBCCDDEEFF\n"
      })
  void anyOtherFileIsRefusedWithoutSayingIt(String content) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PreSharedKeyFile.parse(bytes(content)))
        .satisfies(refused -> assertThat(refused.toString()).doesNotContain(KEY));
  }

  /** Keys are beside passwords in a shard, and a broker without any has the files it had. */
  @Test
  void aShardHoldsTheKeysOfItsUsers() {
    var key = PreSharedKey.parse(bytes(KEY));
    var with = new UserAccess(ANNA, Optional.empty(), Optional.of(key), List.of());
    var without = new UserAccess(ANNA, Optional.empty(), Optional.empty(), List.of());
    assertThat(shards(with).files()).containsKeys("psk-0", "password-0", "acl-0").hasSize(3);
    assertThat(new String(shards(with).files().get("psk-0"), StandardCharsets.UTF_8))
        .isEqualTo("anna:" + KEY + "\n");
    assertThat(shards(without).files()).containsOnlyKeys("password-0", "acl-0");
    assertThat(shards(with).bytes()).isEqualTo("anna:".length() + KEY.length() + 1L);
  }

  private static AccessShards shards(UserAccess user) {
    return ((Sharding.Fitting) AccessShards.of(List.of(user), 0)).shards();
  }
}
