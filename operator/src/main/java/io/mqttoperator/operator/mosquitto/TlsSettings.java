package io.mqttoperator.operator.mosquitto;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a listener that speaks TLS has of its own. A reload takes another certificate, but no other
 * ciphers (measured with Mosquitto 2.1.2).
 *
 * @param ownCertificate whether it shows a certificate of its own rather than the broker's
 * @param ciphers of TLS 1.2, by their OpenSSL names; none: OpenSSL's choice
 * @param cipherSuites of TLS 1.3, likewise
 */
public record TlsSettings(boolean ownCertificate, List<String> ciphers, List<String> cipherSuites) {
  public static final TlsSettings DEFAULT = new TlsSettings(false, List.of(), List.of());

  static final String CIPHERS = "ciphers";
  static final String CIPHER_SUITES = "ciphers_tls1.3";

  /** Nothing that OpenSSL could take for a rule, such as {@code @SECLEVEL=0} or {@code !AES}. */
  private static final Pattern NAME = Pattern.compile("[A-Z0-9][A-Z0-9_-]*");

  private static final Pattern FOR_KEYS = Pattern.compile("(^|-)PSK-");

  /**
   * @throws IllegalArgumentException if a name holds anything else than a name does
   */
  public TlsSettings {
    ciphers = List.copyOf(ciphers);
    cipherSuites = List.copyOf(cipherSuites);
    Stream.concat(ciphers.stream(), cipherSuites.stream())
        .filter(name -> !NAME.matcher(name).matches())
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "A cipher's name holds A to Z, 0 to 9, - and _ alone");
            });
  }

  /** Whether it can be that of a listener without a certificate. */
  boolean isForKeys() {
    return !ownCertificate
        && cipherSuites.isEmpty()
        && !ciphers.isEmpty()
        && ciphers.stream().allMatch(FOR_KEYS.asPredicate());
  }

  /** What of it a reload takes set to one value. */
  TlsSettings atStart() {
    return new TlsSettings(false, ciphers, cipherSuites);
  }

  /** The options that narrow the ciphers. */
  List<String> lines() {
    return Stream.of(line(CIPHERS, ciphers), line(CIPHER_SUITES, cipherSuites))
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static String line(String option, List<String> names) {
    return names.isEmpty() ? "" : option + " " + String.join(":", names);
  }
}
