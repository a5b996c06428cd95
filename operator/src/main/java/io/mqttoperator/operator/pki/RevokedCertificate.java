package io.mqttoperator.operator.pki;

import java.math.BigInteger;
import java.time.Instant;

/** A certificate that is no longer to be trusted, and since when (kept to the second). */
public record RevokedCertificate(BigInteger serial, Instant revokedAt) {
  public RevokedCertificate {
    if (serial.signum() <= 0) {
      throw new IllegalArgumentException("a serial number is greater than zero");
    }
  }

  /** From a serial in hex, as {@link KeyAndCertificate#serialHex()} gives it. */
  public static RevokedCertificate of(String serialHex, Instant revokedAt) {
    if (!serialHex.matches("[0-9a-f]{1,40}")) {
      throw new IllegalArgumentException(
          "a serial number is written in 1 to 40 lower-case hex digits");
    }
    return new RevokedCertificate(new BigInteger(serialHex, 16), revokedAt);
  }
}
