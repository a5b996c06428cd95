package io.mqttoperator.operator.pki;

import static io.mqttoperator.operator.pki.Samples.NOW;
import static io.mqttoperator.operator.pki.Samples.random;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSL, which Mosquitto uses, accepts what we issue, and we read what it writes. */
class OpenSslTest {
  @TempDir Path folder;
  private OpenSsl openSsl;

  @BeforeEach
  void useFolder() {
    openSsl = new OpenSsl(folder);
  }

  @ParameterizedTest
  @EnumSource
  void verifiesBothKindsOfLeafStrictly(KeyAlgorithm algorithm) throws Exception {
    CertificateIssuer issuer = Samples.issuer(NOW);
    var issued = Samples.Issued.with(algorithm);
    KeyAndCertificate authority = issued.authority();
    openSsl.file("ca.crt", authority.certificatePem());
    openSsl.file("ca.crl", issuer.certificateRevocationList(authority).pem());
    KeyAndCertificate server = issued.server();
    KeyAndCertificate client = issued.client();
    openSsl.file("server.crt", server.certificatePem());
    openSsl.file("client.crt", client.certificatePem());

    assertVerified("server.crt", "sslserver", "-verify_hostname", "b-0.broker-pods.factory.svc");
    assertVerified("server.crt", "sslserver", "-verify_ip", "::1");
    assertVerified("client.crt", "sslclient");
    assertThat(verify("client.crt", "sslserver").output())
        .contains("unsuitable certificate purpose");
    assertThat(verify("server.crt", "sslclient").output())
        .contains("unsuitable certificate purpose");
    assertThat(verify("server.crt", "sslserver", "-verify_hostname", "other.svc").output())
        .contains("ostname mismatch");

    openSsl.file("leaf.key", server.keyPem());
    assertThat(openSsl.run("pkey", "-in", "leaf.key", "-check", "-noout").output())
        .contains("Key is valid");
    assertThat(openSsl.run("pkey", "-in", "leaf.key", "-pubout").output())
        .isEqualTo(openSsl.run("x509", "-in", "server.crt", "-noout", "-pubkey").output());
    assertThat(openSsl.run("x509", "-in", "server.crt", "-noout", "-serial").output().strip())
        .isEqualToIgnoringCase("serial=" + server.serialHex());
  }

  @Test
  void refusesARevokedClient() throws Exception {
    CertificateIssuer issuer = Samples.issuer(NOW);
    KeyAndCertificate authority =
        issuer.createAuthority(Samples.authority(KeyAlgorithm.ECDSA_P256));
    KeyAndCertificate client =
        issuer.issueClient(authority, Samples.client(KeyAlgorithm.ECDSA_P256));
    openSsl.file("ca.crt", authority.certificatePem());
    openSsl.file("client.crt", client.certificatePem());
    var revoked = List.of(RevokedCertificate.of(client.serialHex(), NOW));
    openSsl.file("ca.crl", issuer.certificateRevocationList(authority, revoked).pem());
    assertThat(openSsl.run("crl", "-in", "ca.crl", "-CAfile", "ca.crt", "-noout").output())
        .contains("verify OK");
    OpenSsl.Result result = verify("client.crt", "sslclient");
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.output()).contains("certificate revoked");
  }

  @Test
  void saysWhenACertificateEnds() throws Exception {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS); // -checkend knows no other clock.
    CertificateIssuer issuer = new CertificateIssuer(Samples.at(now), random(3));
    KeyAndCertificate authority =
        issuer.createAuthority(Samples.authority(KeyAlgorithm.ECDSA_P256));
    openSsl.file(
        "client.crt",
        issuer.issueClient(authority, Samples.client(KeyAlgorithm.ECDSA_P256)).certificatePem());
    long validity = 2160 * 3600;
    assertThat(
            openSsl.run("x509", "-in", "client.crt", "-checkend", "" + (validity - 300)).exitCode())
        .isZero();
    assertThat(
            openSsl.run("x509", "-in", "client.crt", "-checkend", "" + (validity + 1)).exitCode())
        .isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ecparam -name prime256v1 -genkey", // EC PARAMETERS and SEC 1
        "ecparam -name secp521r1 -genkey -noout",
        "genrsa -traditional 2048", // PKCS#1
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384"
      })
  void keysOfOpenSslAreRead(String command) throws Exception {
    openSsl.run(command.replaceFirst(" ", " -out own.key ").split(" "));
    openSsl.run(
        "req", "-new", "-x509", "-key", "own.key", "-subj", "/CN=own", "-days", "30", "-out",
        "own.crt");
    KeyAndCertificate own =
        KeyAndCertificate.parse(openSsl.read("own.crt"), openSsl.read("own.key"));
    assertThat(CommonName.of(own.certificate())).isEqualTo("own");
    openSsl.file("again.key", own.keyPem());
    assertThat(openSsl.run("pkey", "-in", "again.key", "-pubout").output())
        .startsWith("-----BEGIN PUBLIC KEY-----")
        .isEqualTo(openSsl.run("pkey", "-in", "own.key", "-pubout").output());
    assertThat(KeyAndCertificate.parse(own.certificatePem(), own.keyPem()).chain())
        .isEqualTo(own.chain());
  }

  @Test
  void anIntermediateAuthorityOfOpenSslIssuesAChain() throws Exception {
    CertificateIssuer issuer = new CertificateIssuer(Clock.systemUTC(), random(4));
    KeyAndCertificate root = issuer.createAuthority(Samples.authority(KeyAlgorithm.ECDSA_P384));
    openSsl.file("root.crt", root.certificatePem());
    openSsl.file("root.key", root.keyPem());
    openSsl.file(
        "ext",
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
            .getBytes(US_ASCII));
    openSsl.run(
        "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "own.key");
    openSsl.run("req", "-new", "-key", "own.key", "-subj", "/O=Own/CN=Own CA", "-out", "own.csr");
    openSsl.run(
        "x509",
        "-req",
        "-in",
        "own.csr",
        "-CA",
        "root.crt",
        "-CAkey",
        "root.key",
        "-CAcreateserial",
        "-days",
        "100",
        "-extfile",
        "ext",
        "-out",
        "own.crt");
    byte[] chain = (openSsl.readText("own.crt") + openSsl.readText("root.crt")).getBytes(US_ASCII);
    KeyAndCertificate own = KeyAndCertificate.parse(chain, openSsl.read("own.key"));
    KeyAndCertificate server = issuer.issueServer(own, Samples.server(KeyAlgorithm.ECDSA_P256));
    assertThat(server.chain()).containsExactly(server.certificate(), own.certificate());
    openSsl.file("server.crt", server.certificatePem());
    assertThat(
            openSsl.run(
                "verify",
                "-purpose",
                "sslserver",
                "-CAfile",
                "root.crt",
                "-untrusted",
                "server.crt",
                "server.crt"))
        .isEqualTo(new OpenSsl.Result(0, "server.crt: OK\n"));
  }

  private void assertVerified(String certificate, String purpose, String... more) throws Exception {
    assertThat(verify(certificate, purpose, more))
        .isEqualTo(new OpenSsl.Result(0, certificate + ": OK\n"));
  }

  private OpenSsl.Result verify(String certificate, String purpose, String... more)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "verify",
                "-x509_strict",
                "-crl_check",
                "-CAfile",
                "ca.crt",
                "-CRLfile",
                "ca.crl",
                "-attime"));
    arguments.addAll(List.of("" + NOW.getEpochSecond(), "-auth_level", "2", "-purpose", purpose));
    arguments.addAll(List.of(more));
    arguments.add(certificate);
    return openSsl.run(arguments.toArray(String[]::new));
  }
}
