package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.text;
import static io.mqttoperator.operator.mosquitto.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionTest {
  private static final String OF_EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final String OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void theManifestIsWhatSha256sumWrites() {
    Revision revision = Revision.of(new TreeMap<>(Map.of("b", utf8("abc"), "a-1", utf8(""))));
    assertThat(text(revision.manifest())).isEqualTo(OF_EMPTY + "  a-1\n" + OF_ABC + "  b\n");
    // printf '...' | sha256sum
    assertThat(revision.hex())
        .isEqualTo("07c9dd6745618aac59da33599d150c31acf0e33a475890d7682758552d2b2588");
  }

  @Test
  void everyByteAndEveryNameCounts() {
    Revision revision = Revision.of(new TreeMap<>(Map.of("a", utf8("x"))));
    assertThat(Revision.of(new TreeMap<>(Map.of("a", utf8("x"))))).isEqualTo(revision);
    assertThat(Revision.of(new TreeMap<>(Map.of("a", utf8("y"))))).isNotEqualTo(revision);
    assertThat(Revision.of(new TreeMap<>(Map.of("b", utf8("x"))))).isNotEqualTo(revision);
  }

  @Test
  void theOrderOfTheMapMakesNoDifference() {
    var reversed = new TreeMap<String, byte[]>(Comparator.reverseOrder());
    reversed.putAll(Map.of("a", utf8("x"), "b", utf8("y"), "acl-10", utf8(""), "acl-2", utf8("")));
    assertThat(Revision.of(reversed)).isEqualTo(Revision.of(new TreeMap<>(reversed)));
    assertThat(Revision.of(reversed).files().keySet()).containsExactly("a", "acl-10", "acl-2", "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "../a", ".a", "a\n", "A", "manifest", "revision", "-c"})
  void aFileNameMeansNothingToAShell(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Revision.of(new TreeMap<>(Map.of(name, utf8("x")))));
  }

  @Test
  void showsNoContents() {
    assertThat(Revision.of(new TreeMap<>(Map.of("server.key", utf8("secret")))).toString())
        .doesNotContain("secret")
        .startsWith("Revision[");
  }
}
