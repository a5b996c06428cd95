package io.mqttoperator.api;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ciphers that a listener may be narrowed to, by their OpenSSL names. All of them are tried
 * with Mosquitto. Of names that OpenSSL does not know, it drops those that stand beside others, and
 * does not start where there are no others, so none may reach it.
 *
 * <p>Not among them: what is broken, and ciphers with an 8-byte tag (CCM8), which OpenSSL refuses
 * at its default security level.
 */
public final class TlsCiphers {

  /** TLS 1.2, with a server certificate. */
  public static final List<String> WITH_CERTIFICATE =
      Stream.of(
              of(
                  "ECDHE-ECDSA-",
                  "AES128-GCM-SHA256 AES256-GCM-SHA384 CHACHA20-POLY1305 AES128-CCM AES256-CCM"
                      + " AES128-SHA256 AES256-SHA384 AES128-SHA AES256-SHA"),
              of(
                  "ECDHE-RSA-",
                  "AES128-GCM-SHA256 AES256-GCM-SHA384 CHACHA20-POLY1305"
                      + " AES128-SHA256 AES256-SHA384 AES128-SHA AES256-SHA"),
              of(
                  "DHE-RSA-",
                  "AES128-GCM-SHA256 AES256-GCM-SHA384 CHACHA20-POLY1305 AES128-CCM AES256-CCM"
                      + " AES128-SHA256 AES256-SHA256 AES128-SHA AES256-SHA"),
              of(
                  "",
                  "AES128-GCM-SHA256 AES256-GCM-SHA384 AES128-CCM AES256-CCM"
                      + " AES128-SHA256 AES256-SHA256 AES128-SHA AES256-SHA"))
          .flatMap(List::stream)
          .toList();

  /**
   * TLS 1.2, with a pre-shared key, of those that agree on a fresh key for each connection: who
   * learns the pre-shared key later cannot read what was recorded. In the order in which they are
   * offered where a listener names none.
   */
  public static final List<String> WITH_KEY_FORWARD_SECRET =
      of(
          "",
          "ECDHE-PSK-CHACHA20-POLY1305 DHE-PSK-AES128-GCM-SHA256 DHE-PSK-AES256-GCM-SHA384"
              + " DHE-PSK-CHACHA20-POLY1305 DHE-PSK-AES128-CCM DHE-PSK-AES256-CCM"
              + " ECDHE-PSK-AES128-CBC-SHA256 ECDHE-PSK-AES256-CBC-SHA384"
              + " DHE-PSK-AES128-CBC-SHA256 DHE-PSK-AES256-CBC-SHA384");

  /** TLS 1.2, with a pre-shared key. */
  public static final List<String> WITH_KEY =
      Stream.concat(
              WITH_KEY_FORWARD_SECRET.stream(),
              of(
                  "PSK-",
                  "AES128-GCM-SHA256 AES256-GCM-SHA384 CHACHA20-POLY1305 AES128-CCM AES256-CCM"
                      + " AES128-CBC-SHA256 AES256-CBC-SHA384")
                  .stream())
          .toList();

  /** TLS 1.3. */
  public static final List<String> SUITES =
      of(
          "TLS_",
          "AES_128_GCM_SHA256 AES_256_GCM_SHA384 CHACHA20_POLY1305_SHA256 AES_128_CCM_SHA256");

  private static final List<String> ALL =
      Stream.concat(WITH_CERTIFICATE.stream(), WITH_KEY.stream()).toList();

  private static final String IS_BROKEN =
      "self.matches('(^|-)(NULL|EXP|EXPORT|RC4|RC2|DES|IDEA|SEED|MD5)|^(A|AEC)DH-')";

  static final String BROKEN = "!" + IS_BROKEN;

  static final String BROKEN_MESSAGE =
      "choose another cipher: those with NULL, EXPORT, RC2, RC4, DES, 3DES, IDEA, SEED or MD5, and"
          + " anonymous ones (ADH, AECDH), are broken";

  /** Of a broken one, that is said alone. */
  static final String KNOWN = IS_BROKEN + " || self in [" + quoted(ALL) + "]";

  static final String KNOWN_MESSAGE =
      "write the OpenSSL name of a TLS 1.2 cipher that docs/certificates.md lists, such as"
          + " ECDHE-ECDSA-AES128-GCM-SHA256; those of TLS 1.3 belong into cipherSuites";

  static final String KNOWN_SUITE = "self in [" + quoted(SUITES) + "]";

  static final String KNOWN_SUITE_MESSAGE =
      "write one of TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256,"
          + " TLS_AES_128_CCM_SHA256; ciphers of TLS 1.2 belong into ciphers";

  private TlsCiphers() {}

  private static List<String> of(String prefix, String names) {
    return Stream.of(names.split(" ", -1)).map(name -> prefix + name).toList();
  }

  private static String quoted(List<String> names) {
    return names.stream().collect(Collectors.joining("', '", "'", "'"));
  }
}
