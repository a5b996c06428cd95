package io.mqttoperator.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CAs that others made, by openssl. */
class OwnAuthorityTest {

  private static final List<String> NAMES = List.of("fleet", "fleet.plant.svc.cluster.local");

  @TempDir static Path folder;
  private static OpensslChain files;

  @BeforeAll
  static void make() throws Exception {
    files = new OpensslChain(folder);
  }

  /** Each class of fault of a CA, and the words by which its reason is known. */
  private enum Fault {
    NO_CA("lack CA:TRUE", "basicConstraints=critical,CA:FALSE"),
    MAY_NOT_SIGN(
        "lacks keyCertSign", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign"),
    MAY_NOT_REVOKE(
        "lacks cRLSign", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign"),
    FOR_CLIENTS_ALONE("lacks serverAuth", OpensslChain.CA + "\nextendedKeyUsage=clientAuth"),
    NAMES_NOT_PERMITTED(
        "may not sign for fleet: ",
        OpensslChain.CA + "\nnameConstraints=critical,permitted;DNS:cluster.local"),
    NAMES_EXCLUDED(
        "may not sign for fleet.plant.svc.cluster.local",
        OpensslChain.CA + "\nnameConstraints=critical,excluded;DNS:cluster.local");

    private final String words;
    private final String extensions;

    Fault(String words, String extensions) {
      this.words = words;
      this.extensions = extensions;
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesEveryFaultWithItsReason(Fault fault) throws Exception {
    files.key("bad", "EC", "ec_paramgen_curve:P-256");
    files.certificate("bad", "bad", 30, fault.extensions);
    assertThatThrownBy(() -> check("bad.crt", "bad.key", Instant.now()))
        .isInstanceOf(InvalidCertificateException.class)
        .hasMessageContaining(fault.words)
        .hasNoCause();
  }

  @Test
  void refusesWhatIsRefusedOfAnyCertificate() throws Exception {
    assertThatThrownBy(() -> check("root.crt", "middle.key", Instant.now()))
        .hasMessageContaining("does not belong");
    assertThatThrownBy(() -> check("root.crt", "root.key", later(3651)))
        .hasMessageContaining("ended at");
    assertThatThrownBy(() -> check("root.crt", "root.key", later(-1)))
        .hasMessageContaining("is not valid before");
    files.key("weak", "RSA", "rsa_keygen_bits:1024");
    files.certificate("weak", "weak", 30, OpensslChain.CA);
    assertThatThrownBy(() -> check("weak.crt", "weak.key", Instant.now()))
        .hasMessageContaining("1024 bits");
    assertThatThrownBy(
            () ->
                OwnAuthority.check(
                    files.file("middle.crt"),
                    files.file("middle.key"),
                    Optional.of(files.file("server.crt")),
                    NAMES,
                    Instant.now()))
        .hasMessageContaining("signed by no certificate of ca.crt");
  }

  /** What one signs, openssl verifies with what clients are told to trust. */
  @Test
  void signsWhatClientsAccept() throws Exception {
    var root = check("root.crt", "root.key", Instant.now());
    assertThat(root.hasRoot()).isTrue();
    requireVerified(root, "root");

    var middle =
        OwnAuthority.check(
            files.file("middle.crt"),
            files.file("middle.key"),
            Optional.of(files.file("root.crt")),
            NAMES,
            Instant.now());
    assertThat(middle.trustPem()).isEqualTo(root.trustPem());
    requireVerified(middle, "middle");

    var alone = check("middle.crt", "middle.key", Instant.now());
    assertThat(alone.hasRoot()).isFalse();
    assertThat(alone.trust()).isEqualTo(alone.pair().chain());
    assertThat(alone.isValid(Instant.now())).isTrue();
    assertThat(alone.isValid(later(366))).isFalse();
  }

  private static void requireVerified(OwnAuthority authority, String name) throws Exception {
    var issuer = new CertificateIssuer(Clock.systemUTC(), new SecureRandom());
    var issued = issuer.issueServer(authority.pair(), Samples.server(KeyAlgorithm.ECDSA_P256));
    files.write(name + "-leaf.pem", issued.certificatePem());
    files.write(name + "-trust.pem", authority.trustPem());
    files.run(
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-CAfile",
        name + "-trust.pem",
        "-untrusted",
        name + "-leaf.pem",
        name + "-leaf.pem");
  }

  private static Instant later(int days) {
    return Instant.now().plus(Duration.ofDays(days));
  }

  private static OwnAuthority check(String certificate, String key, Instant now) throws Exception {
    return OwnAuthority.check(
        files.file(certificate), files.file(key), Optional.empty(), NAMES, now);
  }
}
