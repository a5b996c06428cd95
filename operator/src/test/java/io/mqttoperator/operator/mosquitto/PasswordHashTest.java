package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
  private static final byte[] SALT = utf8("twelve bytes");

  /** Lines that mosquitto_passwd of Mosquitto 2.1.2 wrote ({@code -H sha512-pbkdf2}). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secret|$7$1$mzxsRiUzfr26/KNSNBHYVjMY06/GXHSTFSgpgmQvPElUq9aVS8JOD0wIRV/txkOYzV3HMyPB2wTYreANuDQZOg==$lUn4UDi2/jZkWp36lKjqI9fH7hMMInkc0HMSNICcYndXMD0JHsVxMk6lspGGZOrZ+xvFZMoinEcnS3VGmZ8Qxg==",
        "pässwörd ✓|$7$1000$SYacgbh5ADRaB/UlV5CJqrDRSVXmdXaCfHDcrZFhRq43UchTZ9L/5uhKeaW9ZEZ69xdquoJhjdGvDGd4rVlIYQ==$WBrkx+SSQBDwplxVuOyQfA21ko2R5ATDiOVj/y2p7RKa2zoG4s2zNBMb9RARPKlrTDT+c4gUodcxlPxoqGS7JQ=="
      })
  void derivesWhatMosquittoDoes(String password, String recorded) {
    String[] parts = new PasswordHash(recorded).value().split("\\$", -1);
    byte[] salt = Base64.getDecoder().decode(parts[3]);
    byte[] hash = PasswordHash.derive(utf8(password), salt, Integer.parseInt(parts[2]));
    assertThat(hash).isEqualTo(Base64.getDecoder().decode(parts[4]));
  }

  @Property(tries = 200)
  void derivesWhatAnotherLibraryDoes(
      @ForAll("passwords") String password, @ForAll @IntRange(min = 1, max = 50) int iterations) {
    var generator = new PKCS5S2ParametersGenerator(new SHA512Digest());
    generator.init(utf8(password), SALT, iterations);
    byte[] expected = ((KeyParameter) generator.generateDerivedParameters(512)).getKey();
    assertThat(PasswordHash.derive(utf8(password), SALT, iterations)).isEqualTo(expected);
  }

  @Provide
  Arbitrary<String> passwords() {
    return Arbitraries.strings()
        .ofMinLength(1)
        .ofMaxLength(300)
        .filter(text -> PasswordHash.passwordProblem(utf8(text)).isEmpty())
        .filter(text -> text.equals(Samples.text(utf8(text))));
  }

  @Test
  void hasTheFormOfAPasswordLine() {
    assertThat(PasswordHash.pbkdf2(utf8("x"), SALT, 1000).value())
        .startsWith("$7$1000$dHdlbHZlIGJ5dGVz$")
        .hasSize("$7$1000$dHdlbHZlIGJ5dGVz$".length() + 88);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000b", "a\n", "\r"})
  void refusesAPasswordThatMosquittoWouldReadOtherwise(String password) {
    assertThat(PasswordHash.passwordProblem(utf8(password))).isPresent();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PasswordHash.pbkdf2(utf8(password), SALT, 1));
  }

  @Test
  void takes1024BytesOfUtf8AndNoMore() {
    assertThat(PasswordHash.passwordProblem(utf8("é".repeat(512)))).isEmpty();
    assertThat(PasswordHash.passwordProblem(new byte[1025]))
        .contains("The password has 1025 bytes; at most 1024 are allowed");
    assertThat(PasswordHash.passwordProblem(new byte[] {(byte) 0xC3}))
        .contains("The password is not valid UTF-8");
  }

  @Property
  void anyBytesAreHashedOrRefusedAsWhole(@ForAll @Size(max = 20) byte[] password) {
    if (PasswordHash.passwordProblem(password).isEmpty()) {
      assertThat(utf8(Samples.text(password))).isEqualTo(password);
      assertThat(PasswordHash.pbkdf2(password, SALT, 1)).isNotEqualTo(Samples.HASH);
    } else {
      assertThatIllegalArgumentException().isThrownBy(() -> PasswordHash.pbkdf2(password, SALT, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 10_001, 100_000})
  void hasOneToTenThousandIterations(int iterations) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PasswordHash.pbkdf2(utf8("x"), SALT, iterations));
  }

  @Test
  void refusesOtherTexts() {
    String good = Samples.HASH.value();
    for (String bad :
        new String[] {
          "",
          "x",
          good + "\n",
          good + ":",
          " " + good,
          good.replace("$7$", "$6$"),
          good.replace("$7$1$", "$7$01$"),
          good.replace("==", "="),
          good.substring(1),
          // The last character before the padding holds bits that are not part of the hash.
          good.substring(0, good.length() - 3) + "B=="
        }) {
      assertThatIllegalArgumentException().isThrownBy(() -> new PasswordHash(bad));
    }
  }

  @Test
  void showsNothing() {
    assertThat(Samples.HASH).hasToString("PasswordHash");
    assertThat(Samples.SALT_KEY).hasToString("SaltKey");
  }

  @Test
  void saltsFollowFromKeyAndNameAlone() {
    var other = new SaltKey(utf8("0123456789abcdeF"));
    var alice = new Username("alice");
    assertThat(Samples.SALT_KEY.saltFor(alice))
        .hasSize(12)
        .isEqualTo(Samples.SALT_KEY.saltFor(alice))
        .isNotEqualTo(Samples.SALT_KEY.saltFor(new Username("bob")))
        .isNotEqualTo(other.saltFor(alice));
    assertThatIllegalArgumentException().isThrownBy(() -> new SaltKey(new byte[15]));
  }
}
