package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that openssl has made, as devices do. */
class SigningRequestTest {

  private static final String EC = "ec -pkeyopt ec_paramgen_curve:P-256";

  @TempDir Path folder;
  private OpenSsl openssl;

  @BeforeEach
  void useFolder() {
    openssl = new OpenSsl(folder);
  }

  /** Makes a key and a request. */
  private String request(String algorithm, String subject, String... more) throws Exception {
    var command = new java.util.ArrayList<>(java.util.List.of("req", "-new", "-nodes", "-newkey"));
    command.addAll(java.util.List.of(algorithm.split(" ")));
    command.addAll(
        java.util.List.of("-subj", subject, "-keyout", "device.key", "-out", "device.csr"));
    command.addAll(java.util.List.of(more));
    var made = openssl.run(command.toArray(String[]::new));
    assertThat(made.exitCode()).as(made.output()).isZero();
    return openssl.readText("device.csr");
  }

  private static void assertRefused(String pem, String why) {
    assertThatThrownBy(() -> SigningRequest.parse(pem, "meter-1"))
        .isInstanceOf(InvalidCertificateException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        EC,
        "ec -pkeyopt ec_paramgen_curve:P-384",
        "ec -pkeyopt ec_paramgen_curve:P-521",
        "rsa:2048"
      })
  void theKeyIsSignedAndThatIsAll(String algorithm) throws Exception {
    var pem =
        request(
            algorithm,
            "/C=DE/O=Plant/CN=meter-1",
            "-addext",
            "subjectAltName=DNS:other.example",
            "-addext",
            "basicConstraints=critical,CA:TRUE");
    var asked = SigningRequest.parse(pem, "meter-1");
    var issuer = Samples.issuer(java.time.Instant.now());
    var authority = issuer.createAuthority(Samples.authority(KeyAlgorithm.ECDSA_P256));
    var profile = new ClientProfile("meter-1", KeyAlgorithm.ECDSA_P256, Duration.ofDays(90));
    var issued = issuer.issueClient(authority, profile, asked.key());
    assertThat(CommonName.of(issued.certificate())).isEqualTo("meter-1");
    assertThat(issued.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=meter-1");
    assertThat(issued.certificate().getSubjectAlternativeNames()).isNull();
    assertThat(issued.certificate().getBasicConstraints()).isEqualTo(-1);
    assertThat(issued.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");

    openssl.file("ca.crt", authority.certificatePem());
    openssl.file("device.crt", issued.certificatePem());
    var verified =
        openssl.run(
            "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", "ca.crt", "device.crt");
    assertThat(verified.output()).contains("device.crt: OK");
    // It is the device's key, which never was here.
    assertThat(openssl.run("pkey", "-in", "device.key", "-pubout").output())
        .isEqualTo(openssl.run("x509", "-in", "device.crt", "-pubkey", "-noout").output());
  }

  @Test
  void aNameMayBeLeftOut() throws Exception {
    assertThat(SigningRequest.parse(request(EC, "/"), "meter-1").key()).isNotNull();
    var old = request(EC, "/O=Plant").replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");
    assertThat(SigningRequest.parse(old, "meter-1").key()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/CN=meter-2",
        "/CN=METER-1",
        "/CN=meter-1/CN=meter-2",
        "/CN=meter-2/CN=meter-1",
        "/CN= meter-1",
        "/CN="
      })
  void anotherNameIsRefused(String subject) throws Exception {
    if (subject.equals("/CN=")) {
      // openssl leaves an empty one out.
      assertThat(SigningRequest.parse(request(EC, subject), "meter-1").key()).isNotNull();
    } else {
      assertRefused(
          request(EC, subject),
          "the signing request asks for another name than the user's: its common name (CN) is"
              + " meter-1, or there is none");
    }
  }

  @Test
  void aWeakKeyIsRefused() throws Exception {
    assertRefused(request("rsa:1024", "/CN=meter-1"), "has 1024 bits: RSA needs 2048 or more");
    assertRefused(
        request("ec -pkeyopt ec_paramgen_curve:secp256k1", "/CN=meter-1"),
        "use P-256, P-384 or P-521");
    assertRefused(request("ed25519", "/CN=meter-1"), "use EC");
    assertRefused(request(EC, "/CN=meter-1", "-sha1"), "(1.2.840.10045.4.1): sign it with SHA-256");
  }

  @Test
  void aRequestThatSomebodyElseHasSignedIsRefused() throws Exception {
    var der = der(request(EC, "/CN=meter-1"));
    // The last bytes are the signature.
    der[der.length - 1] ^= 1;
    assertRefused(pem(der), "is not signed by the key that it is for");
  }

  @Test
  void anythingElseIsRefused() throws Exception {
    var good = request(EC, "/CN=meter-1");
    assertRefused("", "is empty");
    assertRefused("\uFEFF" + good, "byte order mark");
    assertRefused(good + good, "exactly one CERTIFICATE REQUEST block");
    assertRefused(good.substring(0, 200), "has no end");
    assertRefused(good + "x".repeat(SigningRequest.MAX_BYTES), "bytes: at most");
    assertRefused(openssl.readText("device.key"), "exactly one CERTIFICATE REQUEST block");
    var der = der(good);
    assertRefused(pem(java.util.Arrays.copyOf(der, der.length + 1)), "is not PKCS#10");
    for (var end = 1; end < der.length; end += 7) {
      assertRefused(pem(java.util.Arrays.copyOf(der, end)), "is not PKCS#10");
    }
  }

  private static byte[] der(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }

  private static String pem(byte[] der) {
    return new String(new PemBlock("CERTIFICATE REQUEST", der).pem(), US_ASCII);
  }
}
