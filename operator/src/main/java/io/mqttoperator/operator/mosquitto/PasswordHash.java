package io.mqttoperator.operator.mosquitto;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as Mosquitto stores it: {@code $7$<iterations>$<salt>$<hash>}, PBKDF2 with
 * HMAC-SHA-512, 1 to 10,000 iterations, a salt of 12 bytes (or of 64, as {@code mosquitto_passwd}
 * of 2.1 writes) and a hash of 64 bytes, both in Base64.
 */
public record PasswordHash(String value) {
  public static final int MAX_PASSWORD_BYTES = 1024;
  public static final int MAX_ITERATIONS = 10_000;
  private static final Pattern FORM =
      Pattern.compile(
          "\\$7\\$([1-9][0-9]{0,4})\\$([A-Za-z0-9+/]{16}|[A-Za-z0-9+/]{86}==)"
              + "\\$([A-Za-z0-9+/]{86}==)");
  private static final int SALT_BYTES = 12;
  private static final int HASH_BITS = 512;

  /**
   * @throws IllegalArgumentException if the value is not such a hash; the message does not hold it
   */
  public PasswordHash {
    Matcher matcher = FORM.matcher(value);
    if (!matcher.matches()
        || Integer.parseInt(matcher.group(1)) > MAX_ITERATIONS
        || !isCanonical(matcher.group(2))
        || !isCanonical(matcher.group(3))) {
      throw new IllegalArgumentException(
          "A password hash is $7$, 1 to 10000 iterations, $, a salt of 12 or 64 bytes, $, and a"
              + " hash of 64 bytes, in Base64");
    }
  }

  /**
   * Hashes a password as Mosquitto does when a client logs in.
   *
   * @param password 1 to 1024 bytes of UTF-8 without NUL, CR, LF
   * @param salt 12 bytes
   * @param iterations 1 to 10,000
   * @throws IllegalArgumentException if one of them is not; the message does not hold the password
   */
  public static PasswordHash pbkdf2(byte[] password, byte[] salt, int iterations) {
    requirePassword(password);
    if (salt.length != SALT_BYTES) {
      throw new IllegalArgumentException("A salt has 12 bytes, not " + salt.length);
    }
    return of(iterations, salt, derive(password, salt, iterations));
  }

  /** A hash to which nobody knows a password: its bytes are not derived from one. */
  public static PasswordHash ofNobody(SaltKey key) {
    byte[] salt = Arrays.copyOf(key.unguessable("salt"), SALT_BYTES);
    return of(1, salt, key.unguessable("hash"));
  }

  /**
   * Refuses bytes that cannot be a password.
   *
   * @throws IllegalArgumentException with the sentence of {@link #passwordProblem}
   */
  public static void requirePassword(byte[] password) {
    passwordProblem(password)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  /** Says, as a sentence that gives nothing away, why bytes cannot be a password. */
  public static Optional<String> passwordProblem(byte[] password) {
    if (password.length == 0) {
      return Optional.of("The password is empty");
    }
    if (password.length > MAX_PASSWORD_BYTES) {
      return Optional.of(
          "The password has %d bytes; at most 1024 are allowed".formatted(password.length));
    }
    // Mosquitto compares a password up to its first NUL only.
    for (byte value : password) {
      if (value == 0 || value == '\r' || value == '\n') {
        return Optional.of(
            "The password holds NUL, CR or LF (often the line end of the file it came from):"
                + " remove it");
      }
    }
    try {
      Arrays.fill(decode(password), '\0');
    } catch (CharacterCodingException e) {
      return Optional.of("The password is not valid UTF-8");
    }
    return Optional.empty();
  }

  /** How often PBKDF2 is repeated: 1 to 10,000. */
  public int iterations() {
    return Integer.parseInt(value.substring(3, value.indexOf('$', 3)));
  }

  @Override
  public String toString() {
    return "PasswordHash";
  }

  private static PasswordHash of(int iterations, byte[] salt, byte[] hash) {
    Base64.Encoder base64 = Base64.getEncoder();
    return new PasswordHash(
        "$7$" + iterations + "$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash));
  }

  /**
   * The JDK takes characters and encodes them as UTF-8 (PBKDF2KeyImpl), which gives the bytes of a
   * valid UTF-8 password back unchanged.
   */
  static byte[] derive(byte[] password, byte[] salt, int iterations) {
    char[] characters = {};
    PBEKeySpec spec = null;
    try {
      characters = decode(password);
      spec = new PBEKeySpec(characters, salt, iterations, HASH_BITS);
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("The password is not valid UTF-8", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no PBKDF2WithHmacSHA512", e);
    } finally {
      Arrays.fill(characters, '\0');
      if (spec != null) {
        spec.clearPassword();
      }
    }
  }

  private static char[] decode(byte[] password) throws CharacterCodingException {
    CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
    char[] characters = new char[decoded.remaining()];
    decoded.get(characters);
    Arrays.fill(decoded.array(), '\0');
    return characters;
  }

  /** Other padding bits would make two texts of one hash. */
  private static boolean isCanonical(String base64) {
    return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(base64)).equals(base64);
  }
}
