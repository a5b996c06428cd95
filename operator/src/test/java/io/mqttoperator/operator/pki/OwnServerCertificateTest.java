package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Server certificates that others made, by openssl, good and bad in every way that is known. */
class OwnServerCertificateTest {

  @TempDir static Path folder;
  private static OpensslChain files;

  @BeforeAll
  static void make() throws Exception {
    files = new OpensslChain(folder);
  }

  /** What a Secret holds, and when it is looked at. */
  private static final class Brought {
    private final byte[] certificate;
    private final byte[] key;
    private final byte[] trust;
    private final Instant now;

    Brought(byte[] certificate, byte[] key, byte[] trust, Instant now) {
      this.certificate = certificate;
      this.key = key;
      this.trust = trust;
      this.now = now;
    }

    Brought at(Duration later) {
      return new Brought(certificate, key, trust, Instant.now().plus(later));
    }

    OwnServerCertificate check() throws InvalidCertificateException {
      return OwnServerCertificate.check(certificate, key, Optional.of(trust), now);
    }
  }

  private Brought brought(byte[] certificate, byte[] key, byte[] trust) {
    return new Brought(certificate, key, trust, Instant.now());
  }

  /** With a changed certificate, or key. */
  private Brought good() throws IOException {
    return brought(
        files.file("server.crt", "middle.crt"), files.file("server.key"), files.file("root.crt"));
  }

  private Brought certificate(byte[] content) throws IOException {
    return brought(content, files.file("server.key"), files.file("root.crt"));
  }

  private Brought key(byte[] content) throws IOException {
    return brought(files.file("server.crt", "middle.crt"), content, files.file("root.crt"));
  }

  private Brought trust(byte[] content) throws IOException {
    return brought(files.file("server.crt", "middle.crt"), files.file("server.key"), content);
  }

  /** A server of its own kind, signed by the root. */
  private Brought signed(String name, String issuer) throws IOException {
    return brought(
        files.file(name + ".crt"), files.file(name + ".key"), files.file(issuer + ".crt"));
  }

  private Brought ofKind(String name, String extensions, String algorithm, String... options)
      throws Exception {
    files.key(name, algorithm, options);
    files.certificate(name, "root", 30, extensions);
    return signed(name, "root");
  }

  private Brought p256(String name, String extensions) throws Exception {
    return ofKind(name, extensions, "EC", "ec_paramgen_curve:P-256");
  }

  /** Below a root, or an intermediate CA, that says this of itself. */
  private Brought below(String root, String intermediate) throws Exception {
    files.key("other-root", "EC", "ec_paramgen_curve:P-256");
    files.certificate("other-root", "other-root", 30, root);
    files.key("other-middle", "EC", "ec_paramgen_curve:P-256");
    files.certificate("other-middle", "other-root", 20, intermediate);
    files.key("leaf", "EC", "ec_paramgen_curve:P-256");
    files.certificate("leaf", "other-middle", 100, OpensslChain.SERVER);
    return brought(
        files.file("leaf.crt", "other-middle.crt"),
        files.file("leaf.key"),
        files.file("other-root.crt"));
  }

  private Brought made(Fault fault) throws Exception {
    return switch (fault) {
      case EXPIRED -> good().at(Duration.ofDays(91));
      case NOT_YET_VALID -> good().at(Duration.ofDays(-1));
      case INTERMEDIATE_EXPIRED -> below(OpensslChain.CA, OpensslChain.CA).at(Duration.ofDays(21));
      case ROOT_EXPIRED -> {
        files.key("short", "EC", "ec_paramgen_curve:P-256");
        files.certificate("short", "short", 1, OpensslChain.CA);
        files.key("long", "EC", "ec_paramgen_curve:P-256");
        files.certificate("long", "short", 30, OpensslChain.SERVER);
        yield signed("long", "short").at(Duration.ofDays(2));
      }
      case WRONG_CA -> {
        files.key("stranger", "EC", "ec_paramgen_curve:P-256");
        files.certificate("stranger", "stranger", 30, OpensslChain.CA);
        yield trust(files.file("stranger.crt"));
      }
      case MISSING_CHAIN -> certificate(files.file("server.crt"));
      case CHAIN_OUT_OF_ORDER -> certificate(files.file("middle.crt", "server.crt"));
      case CHAIN_OF_ANOTHER -> certificate(files.file("server.crt", "root.crt"));
      case INTERMEDIATE_IS_NO_CA -> below(OpensslChain.CA, "basicConstraints=critical,CA:FALSE");
      case INTERMEDIATE_MAY_NOT_SIGN ->
          below(OpensslChain.CA, "basicConstraints=critical,CA:TRUE\nkeyUsage=digitalSignature");
      case ROOT_IS_NO_CA -> below("basicConstraints=critical,CA:FALSE", OpensslChain.CA);
      case PATH_TOO_LONG ->
          below(OpensslChain.CA.replace("CA:TRUE", "CA:TRUE,pathlen:0"), OpensslChain.CA);
      case NAME_NOT_PERMITTED ->
          below(
              OpensslChain.CA,
              OpensslChain.CA + "\nnameConstraints=critical,permitted;DNS:example.com");
      case UNKNOWN_CRITICAL_EXTENSION ->
          p256("critical", OpensslChain.SERVER + "\n1.2.3.4=critical,ASN1:NULL");
      case WEAK_KEY -> ofKind("weak", OpensslChain.SERVER, "RSA", "rsa_keygen_bits:1024");
      case WRONG_CURVE -> ofKind("curve", OpensslChain.SERVER, "EC", "ec_paramgen_curve:secp256k1");
      case WRONG_KIND_OF_KEY -> ofKind("ed25519", OpensslChain.SERVER, "ED25519");
      case WEAK_SIGNATURE -> {
        files.certificate("server", "root", 30, OpensslChain.SERVER, "-sha1");
        var weak = signed("server", "root");
        files.certificate("server", "middle", 90, OpensslChain.SERVER);
        yield weak;
      }
      case MISMATCHED -> key(files.file("middle.key"));
      case CERTIFICATE_WITH_BOM -> certificate(withMark(good().certificate));
      case KEY_WITH_BOM -> key(withMark(files.file("server.key")));
      case UTF_16_CERTIFICATE ->
          certificate(new String(good().certificate, US_ASCII).getBytes(UTF_16));
      case DER_CERTIFICATE -> {
        files.run("x509", "-in", "server.crt", "-outform", "DER", "-out", "server.der");
        yield certificate(files.file("server.der"));
      }
      case DER_KEY -> {
        files.run("pkey", "-in", "server.key", "-outform", "DER", "-out", "key.der");
        yield key(files.file("key.der"));
      }
      case PKCS_12 -> {
        files.run(
            "pkcs12",
            "-export",
            "-in",
            "server.crt",
            "-inkey",
            "server.key",
            "-passout",
            "pass:x",
            "-out",
            "server.p12");
        yield certificate(files.file("server.p12"));
      }
      case ENCRYPTED_KEY -> {
        files.run("pkey", "-in", "server.key", "-aes256", "-passout", "pass:x", "-out", "enc.key");
        yield key(files.file("enc.key"));
      }
      case ENCRYPTED_OLD_KEY -> {
        files.run("ec", "-in", "server.key", "-aes256", "-passout", "pass:x", "-out", "old.key");
        yield key(files.file("old.key"));
      }
      case SEVERAL_KEYS -> key(files.file("server.key", "middle.key"));
      case NO_KEY -> key(files.file("server.crt"));
      case KEY_AMONG_CERTIFICATES -> certificate(files.file("server.crt", "server.key"));
      case EMPTY_CERTIFICATE -> certificate(new byte[0]);
      case EMPTY_KEY -> key(new byte[0]);
      case CUT_OFF -> certificate(Arrays.copyOf(files.file("server.crt"), 300));
      case HUGE -> certificate(new byte[KeyAndCertificate.MAX_CHAIN_BYTES + 1]);
      case HUGE_BUNDLE -> {
        var bundle = new ByteArrayOutputStream();
        for (int i = 0; i < 60; i++) {
          bundle.writeBytes(
              new CertificateIssuer(Samples.CLOCK, new SecureRandom())
                  .createAuthority(Samples.authority(KeyAlgorithm.ECDSA_P256))
                  .certificatePem());
        }
        yield trust(bundle.toByteArray());
      }
      case BUNDLE_IS_NO_PEM -> trust("trust me".getBytes(US_ASCII));
      case NOT_FOR_SERVERS ->
          p256("client", OpensslChain.SERVER.replace("serverAuth", "clientAuth"));
      case MAY_NOT_SIGN_HANDSHAKES ->
          p256("agree", OpensslChain.SERVER + "\nkeyUsage=keyAgreement");
      case WITHOUT_A_NAME -> {
        files.key("nameless", "EC", "ec_paramgen_curve:P-256");
        files.write("nameless.ext", "extendedKeyUsage=serverAuth".getBytes(US_ASCII));
        files.run("req", "-new", "-key", "nameless.key", "-subj", "/O=x", "-out", "nameless.csr");
        files.run(
            "x509",
            "-req",
            "-in",
            "nameless.csr",
            "-CA",
            "root.crt",
            "-CAkey",
            "root.key",
            "-days",
            "9",
            "-extfile",
            "nameless.ext",
            "-set_serial",
            "99",
            "-out",
            "nameless.crt");
        yield signed("nameless", "root");
      }
      case TEMPORARY -> {
        var throwaway = "cert-manager.local";
        files.key(throwaway, "EC", "ec_paramgen_curve:P-521");
        files.certificate(throwaway, throwaway, 90, OpensslChain.CA);
        files.key("temporary", "EC", "ec_paramgen_curve:P-256");
        files.certificate("temporary", throwaway, 90, OpensslChain.SERVER);
        yield brought(files.file("temporary.crt"), files.file("temporary.key"), new byte[0]);
      }
    };
  }

  /** Each class of fault, and the words by which its reason is known. */
  private enum Fault {
    EXPIRED("number 1 of the chain ended at"),
    NOT_YET_VALID("number 1 of the chain is not valid before"),
    INTERMEDIATE_EXPIRED("number 2 of the chain ended at"),
    ROOT_EXPIRED("ca.crt: the certificate that signed the chain ended at"),
    WRONG_CA("signed by no certificate of ca.crt"),
    MISSING_CHAIN("Put the intermediate certificates into tls.crt"),
    CHAIN_OUT_OF_ORDER("put the server's own certificate first"),
    CHAIN_OF_ANOTHER("number 1 of the chain is not signed by number 2"),
    INTERMEDIATE_IS_NO_CA("number 2 of the chain signs another, but may not"),
    INTERMEDIATE_MAY_NOT_SIGN("number 2 of the chain signs another, but may not"),
    ROOT_IS_NO_CA("the root of the chain signs another, but may not"),
    PATH_TOO_LONG("pathLen"),
    NAME_NOT_PERMITTED("a name that a CA above it may not sign for"),
    UNKNOWN_CRITICAL_EXTENSION("critical extension"),
    WEAK_KEY("1024 bits"),
    WRONG_CURVE("use P-256, P-384 or P-521"),
    WRONG_KIND_OF_KEY("use EC (P-256, P-384, P-521) or RSA"),
    WEAK_SIGNATURE("signed with SHA1"),
    MISMATCHED("does not belong to the certificate"),
    CERTIFICATE_WITH_BOM("the certificate begins with a byte order mark"),
    KEY_WITH_BOM("the private key begins with a byte order mark"),
    UTF_16_CERTIFICATE("byte order mark"),
    DER_CERTIFICATE("the certificate is DER"),
    DER_KEY("the private key is DER"),
    PKCS_12("PKCS#12"),
    ENCRYPTED_KEY("the private key is encrypted"),
    ENCRYPTED_OLD_KEY("the private key is encrypted"),
    SEVERAL_KEYS("holds 2 keys"),
    NO_KEY("holds a CERTIFICATE block"),
    KEY_AMONG_CERTIFICATES("holds a private key"),
    EMPTY_CERTIFICATE("the certificate is empty"),
    EMPTY_KEY("the private key is empty"),
    CUT_OFF("cut off"),
    HUGE("65537 bytes"),
    HUGE_BUNDLE("at most 24576 are served"),
    BUNDLE_IS_NO_PEM("the CA bundle holds no PEM block"),
    NOT_FOR_SERVERS("lacks serverAuth"),
    MAY_NOT_SIGN_HANDSHAKES("lacks digitalSignature"),
    WITHOUT_A_NAME("names nobody"),
    TEMPORARY("a temporary one of cert-manager");

    private final String words;

    Fault(String words) {
      this.words = words;
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesEveryFaultWithItsReason(Fault fault) throws Exception {
    var brought = made(fault);
    assertThatThrownBy(brought::check)
        .isInstanceOf(InvalidCertificateException.class)
        .hasMessageContaining(fault.words)
        .hasNoCause();
    for (var line : new String(files.file("server.key"), US_ASCII).lines().toList()) {
      assertThatThrownBy(brought::check)
          .satisfies(thrown -> assertThat(line.startsWith("-") || !says(thrown, line)).isTrue());
    }
  }

  private static boolean says(Throwable thrown, String secret) {
    return String.valueOf(thrown.getMessage()).contains(secret);
  }

  /** What is refused above is refused for its fault alone. */
  @Test
  void takesAGoodOneAndAllItsForms() throws Exception {
    var own = good().check();
    assertThat(own.pair().chain()).hasSize(2);
    assertThat(own.trustPem()).isEqualTo(new TrustBundle(own.trust()).pem());
    assertThat(own.end()).isEqualTo(own.pair().notAfter());

    files.run("ec", "-in", "server.key", "-out", "sec1.key");
    files.run("ecparam", "-name", "prime256v1", "-out", "parameters.pem");
    assertThat(key(files.file("sec1.key")).check().pair().chain()).isEqualTo(own.pair().chain());
    assertThat(key(files.file("parameters.pem", "sec1.key")).check().pair().chain())
        .isEqualTo(own.pair().chain());
    var crlf = new String(good().certificate, US_ASCII).replace("\n", "\r\n").getBytes(US_ASCII);
    assertThat(certificate(crlf).check().pair().certificatePem())
        .isEqualTo(own.pair().certificatePem());

    assertThat(ofKind("rsa", OpensslChain.SERVER, "RSA", "rsa_keygen_bits:2048").check())
        .isNotNull();
    files.run("rsa", "-in", "rsa.key", "-traditional", "-out", "rsa.key");
    assertThat(new String(files.file("rsa.key"), US_ASCII)).startsWith("-----BEGIN RSA PRIVATE");
    assertThat(signed("rsa", "root").check()).isNotNull();
    for (var curve : new String[] {"P-384", "P-521"}) {
      assertThat(ofKind("curve", OpensslChain.SERVER, "EC", "ec_paramgen_curve:" + curve).check())
          .isNotNull();
    }
  }

  @Test
  void trustsWhatIsGivenElseTheRootOfTheChainElseNothing() throws Exception {
    var chain = files.file("server.crt", "middle.crt", "root.crt");
    var key = files.file("server.key");
    var root = TrustBundle.parse(files.file("root.crt")).certificates();
    var now = Instant.now();
    assertThat(OwnServerCertificate.check(chain, key, Optional.empty(), now).trust())
        .isEqualTo(root);
    assertThat(OwnServerCertificate.check(chain, key, Optional.of(new byte[0]), now).trust())
        .isEqualTo(root);
    var publicly = files.file("server.crt", "middle.crt");
    assertThat(OwnServerCertificate.check(publicly, key, Optional.empty(), now).trust()).isEmpty();
    // cert-manager gives the issuer where it does not know the root.
    assertThat(brought(files.file("server.crt"), key, files.file("middle.crt")).check().trust())
        .isEqualTo(TrustBundle.parse(files.file("middle.crt")).certificates());
    var bundle = files.file("middle.crt", "root.crt");
    assertThat(brought(publicly, key, bundle).check().trust()).hasSize(2);
  }

  @Test
  void takesOneThatSignsItself() throws Exception {
    files.key("self", "EC", "ec_paramgen_curve:P-256");
    files.certificate("self", "self", 30, OpensslChain.SERVER);
    var own =
        OwnServerCertificate.check(
            files.file("self.crt"), files.file("self.key"), Optional.empty(), Instant.now());
    assertThat(own.trust()).isEqualTo(own.pair().chain());
  }

  @Test
  void knowsTheNamesThatClientsUse() throws Exception {
    var own = good().check();
    assertThat(own.names("fleet.plant.svc.cluster.local")).isTrue();
    assertThat(own.names("FLEET.plant.svc.cluster.local")).isTrue();
    assertThat(own.names("mqtt.example.org")).isTrue();
    assertThat(own.names("a.mqtt.example.org")).isFalse();
    assertThat(own.names("example.org")).isFalse();
    assertThat(own.names("server")).as("the subject alone is no name").isFalse();
  }

  private static byte[] withMark(byte[] content) {
    byte[] marked = new byte[content.length + 3];
    marked[0] = (byte) 0xEF;
    marked[1] = (byte) 0xBB;
    marked[2] = (byte) 0xBF;
    System.arraycopy(content, 0, marked, 3, content.length);
    return marked;
  }
}
