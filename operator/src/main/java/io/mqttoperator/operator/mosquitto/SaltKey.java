package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A broker's secret of at least 16 bytes from which the salts of its password file follow.
 *
 * <p>A random salt would differ each time the file is rendered; these are as unpredictable to all
 * who do not hold the key, and differ between brokers and between users.
 */
public final class SaltKey {
  private static final int MIN_BYTES = 16;
  private static final int SALT_BYTES = 12;
  private final byte[] key;

  /**
   * @throws IllegalArgumentException if the key is shorter than 16 bytes
   */
  public SaltKey(byte[] key) {
    if (key.length < MIN_BYTES) {
      throw new IllegalArgumentException("A salt key has at least 16 bytes");
    }
    this.key = key.clone();
  }

  /** The 12 bytes of salt of one user. */
  public byte[] saltFor(Username username) {
    return Arrays.copyOf(mac("HmacSHA256", "salt\0" + username.value()), SALT_BYTES);
  }

  /** 64 bytes that nobody can compute without the key. */
  byte[] unguessable(String label) {
    return mac("HmacSHA512", "unguessable\0" + label);
  }

  private byte[] mac(String algorithm, String text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no " + algorithm, e);
    }
  }

  @Override
  public String toString() {
    return "SaltKey";
  }
}
