package io.mqttoperator.operator.pki;

import static io.mqttoperator.operator.pki.KeyAlgorithm.ECDSA_P256;
import static io.mqttoperator.operator.pki.KeyAlgorithm.RSA_2048;
import static io.mqttoperator.operator.pki.Samples.NOW;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

class PemParsingTest {
  private static final CertificateIssuer ISSUER = Samples.issuer(NOW);
  private static final KeyAndCertificate AUTHORITY =
      ISSUER.createAuthority(Samples.authority(ECDSA_P256));
  private static final KeyAndCertificate SERVER =
      ISSUER.issueServer(AUTHORITY, Samples.server(ECDSA_P256));
  private static final String CERTIFICATE = text(SERVER.certificatePem());
  private static final String KEY = text(SERVER.keyPem());

  @Example
  void textAroundBlocksAndOtherLineEndsAreAccepted() throws InvalidCertificateException {
    KeyAndCertificate read =
        KeyAndCertificate.parse(
            bytes(("subject=CN = ü\n\n" + CERTIFICATE).replace("\n", "\r\n")),
            bytes("\n" + KEY + "\n\n"));
    assertThat(read.certificatePem()).isEqualTo(SERVER.certificatePem());
    assertThat(read.keyPem()).isEqualTo(SERVER.keyPem());
    assertThat(KEY)
        .startsWith("-----BEGIN PRIVATE KEY-----\n")
        .endsWith("\n-----END PRIVATE KEY-----\n");
    assertThat(KEY.lines()).allMatch(line -> line.length() <= 64);
  }

  @Example
  void whatIsNotPemIsNamed() throws Exception {
    assertRefused(new byte[0]).hasMessage("the certificate is empty");
    assertRefused(SERVER.certificate().getEncoded()).hasMessageContaining("DER");
    assertRefused(("\ufeff" + CERTIFICATE).getBytes(UTF_8)).hasMessageContaining("byte order mark");
    assertRefused(CERTIFICATE.getBytes(UTF_16)).hasMessageContaining("byte order mark");
    assertRefused(bytes("hello")).hasMessageContaining("no PEM block");
    assertRefused(new byte[KeyAndCertificate.MAX_CHAIN_BYTES + 1])
        .hasMessageContaining("65537 bytes");
    assertRefused(bytes(CERTIFICATE.substring(0, 200))).hasMessageContaining("cut off");
    assertRefused(bytes(CERTIFICATE.replace("-----END", "-----BEGIN")))
        .hasMessageContaining("before the last one");
    assertRefused(bytes(CERTIFICATE.replaceFirst("MII", "M*I"))).hasMessageContaining("not base64");
    assertRefused(bytes("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"))
        .hasMessageContaining("block 1 is not an X.509 certificate");
    byte[] der = SERVER.certificate().getEncoded();
    assertRefused(new PemBlock("CERTIFICATE", Arrays.copyOf(der, der.length + 1)).pem())
        .hasMessageContaining("not an X.509 certificate");
  }

  @Example
  void otherBlocksAreNamed() {
    assertRefused(bytes(CERTIFICATE + KEY)).hasMessageContaining("holds a private key");
    assertRefused(bytes(CERTIFICATE + CERTIFICATE.replace(" CERTIFICATE", " X509 CRL")))
        .hasMessageContaining("X509 CRL block");
    assertKeyRefused(KEY + KEY).hasMessageContaining("2 keys");
    assertKeyRefused(KEY.replace("PRIVATE", "ENCRYPTED PRIVATE"))
        .hasMessageContaining("passphrase");
    assertKeyRefused(
            "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END EC PRIVATE KEY-----\n")
        .hasMessageContaining("passphrase");
    assertKeyRefused(CERTIFICATE).hasMessageContaining("CERTIFICATE block");
    assertKeyRefused(KEY.replace("PRIVATE", "RSA PRIVATE")).hasMessageContaining("cannot be read");
    assertKeyRefused(
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n")
        .hasMessageContaining("0 keys");
  }

  @Example
  void theKeyMustBelongToTheCertificate() {
    for (KeyAlgorithm algorithm : List.of(ECDSA_P256, RSA_2048)) {
      byte[] other = ISSUER.issueClient(AUTHORITY, Samples.client(algorithm)).keyPem();
      assertRefused(() -> KeyAndCertificate.parse(SERVER.certificatePem(), other))
          .hasMessageContaining("does not belong");
    }
  }

  @Example
  void keysThatTheBrokerWouldRefuseAreRefused() throws Exception {
    for (String kind : List.of("Ed25519", "RSASSA-PSS")) {
      assertKeyRefused(
          text(
              new PemBlock(
                      "PRIVATE KEY",
                      KeyPairGenerator.getInstance(kind)
                          .generateKeyPair()
                          .getPrivate()
                          .getEncoded())
                  .pem()));
    }
    KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(1024);
    assertKeyRefused(text(PrivateKeyPem.render(weak.generateKeyPair().getPrivate())))
        .hasMessageContaining("1024 bits");
  }

  @Example
  void aChainIsInOrder() throws Exception {
    byte[] ordered = bytes(CERTIFICATE + text(AUTHORITY.certificatePem()));
    assertThat(KeyAndCertificate.parse(ordered, SERVER.keyPem()).chain()).hasSize(2);
    assertRefused(bytes(text(AUTHORITY.certificatePem()) + CERTIFICATE))
        .hasMessageContaining("not signed by");
    KeyAndCertificate other = ISSUER.createAuthority(Samples.authority(ECDSA_P256));
    assertRefused(bytes(CERTIFICATE + text(other.certificatePem())))
        .hasMessageContaining("number 1 of the chain");
    assertRefused(bytes(text(AUTHORITY.certificatePem()).repeat(11)))
        .hasMessageContaining("chain of 11");
  }

  @Example
  void aBundleHoldsEachCertificateOnce() throws Exception {
    KeyAndCertificate other = ISSUER.createAuthority(Samples.authority(RSA_2048));
    String both = text(AUTHORITY.certificatePem()) + text(other.certificatePem());
    TrustBundle bundle = TrustBundle.parse(bytes(both + both));
    assertThat(bundle.certificates()).containsExactly(AUTHORITY.certificate(), other.certificate());
    assertThat(text(bundle.pem())).isEqualTo(both);
    assertThatThrownBy(() -> CertificateRevocationList.parse(bytes(both)))
        .isInstanceOf(InvalidCertificateException.class)
        .hasMessageContaining("exactly one");
  }

  @Example
  void noSecretIsShown() {
    String shown =
        SERVER
            + " "
            + new StoredCertificate.Usable(SERVER, 1)
            + new PemBlock("PRIVATE KEY", SERVER.keyPem());
    assertThat(shown)
        .contains(SERVER.serialHex())
        .doesNotContain("PRIVATE KEY-----", "ECPrivateKey", "[B@");
    assertThat(shown.length()).isLessThan(400);
  }

  @Property(tries = 2000)
  void noBytesDoMoreThanBeRefusedWithoutBeingQuoted(
      @ForAll boolean inKey,
      @ForAll @IntRange(max = 2000) int at,
      @ForAll @Size(min = 1, max = 40) byte[] noise) {
    byte[] file = (inKey ? KEY : CERTIFICATE).getBytes(US_ASCII);
    System.arraycopy(noise, 0, file, at % (file.length - noise.length), noise.length);
    assertThatCode(
            () -> {
              try {
                KeyAndCertificate.parse(
                    inKey ? SERVER.certificatePem() : file, inKey ? file : SERVER.keyPem());
              } catch (InvalidCertificateException e) {
                assertThat(e.getCause()).isNull();
                KEY.lines()
                    .filter(line -> !line.startsWith("-"))
                    .forEach(line -> assertThat(e).hasMessageNotContaining(line));
              }
            })
        .doesNotThrowAnyException();
  }

  @Property(tries = 1000)
  void damagedDerIsRefused(
      @ForAll boolean inKey, @ForAll @IntRange(max = 2000) int at, @ForAll byte value)
      throws Exception {
    byte[] der = inKey ? SERVER.key().getEncoded() : SERVER.certificate().getEncoded();
    der[at % der.length] = value;
    byte[] pem = new PemBlock(inKey ? "PRIVATE KEY" : "CERTIFICATE", der).pem();
    try {
      KeyAndCertificate read =
          KeyAndCertificate.parse(
              inKey ? SERVER.certificatePem() : pem, inKey ? pem : SERVER.keyPem());
      assertThat(KeyAndCertificate.parse(read.certificatePem(), read.keyPem()).chain())
          .isEqualTo(read.chain());
    } catch (InvalidCertificateException e) {
      assertThat(e.getMessage()).startsWith("the ");
    }
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(byte[] certificate) {
    return assertRefused(() -> KeyAndCertificate.parse(certificate, SERVER.keyPem()));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertKeyRefused(String key) {
    return assertRefused(() -> KeyAndCertificate.parse(SERVER.certificatePem(), bytes(key)));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      ThrowingCallable parsing) {
    return assertThatThrownBy(parsing).isInstanceOf(InvalidCertificateException.class).hasNoCause();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }
}
