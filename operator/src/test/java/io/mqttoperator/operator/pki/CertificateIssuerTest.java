package io.mqttoperator.operator.pki;

import static io.mqttoperator.operator.pki.Samples.CLOCK;
import static io.mqttoperator.operator.pki.Samples.NOW;
import static io.mqttoperator.operator.pki.Samples.OPERATOR;
import static io.mqttoperator.operator.pki.Samples.YEAR;
import static io.mqttoperator.operator.pki.Samples.random;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CertificateIssuerTest {
  private final CertificateIssuer issuer = new CertificateIssuer(CLOCK, random(7));
  private final KeyAndCertificate authority =
      issuer.createAuthority(Samples.authority(KeyAlgorithm.ECDSA_P256));

  @ParameterizedTest
  @EnumSource
  void everyAlgorithmIssuesWhatJavaAccepts(KeyAlgorithm algorithm) throws Exception {
    var issued = Samples.Issued.with(algorithm);
    KeyAndCertificate root = issued.authority();
    CertificateRevocationList none = issuer.certificateRevocationList(root);
    for (KeyAndCertificate leaf : List.of(issued.server(), issued.client())) {
      validate(leaf, root, none, NOW);
      validate(leaf, root, none, leaf.notAfter());
      assertThatThrownBy(() -> validate(leaf, root, none, leaf.notAfter().plusSeconds(1)))
          .isInstanceOf(CertPathValidatorException.class);
      assertThat(KeyAlgorithm.of(leaf.key())).contains(algorithm);
      KeyAndCertificate read = KeyAndCertificate.parse(leaf.certificatePem(), leaf.keyPem());
      assertThat(read.chain()).isEqualTo(leaf.chain());
      assertThat(read.keyPem()).isEqualTo(leaf.keyPem());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ECDSA_P256, SHA256withECDSA",
    "ECDSA_P384, SHA384withECDSA",
    "RSA_2048, SHA256withRSA",
    "RSA_3072, SHA256withRSA"
  })
  void theAuthoritysKeyChoosesTheSignature(KeyAlgorithm algorithm, String signature) {
    KeyAndCertificate root = Samples.Issued.with(algorithm).authority();
    assertThat(
            issuer
                .issueClient(root, Samples.client(KeyAlgorithm.ECDSA_P256))
                .certificate()
                .getSigAlgName())
        .isEqualTo(signature);
    assertThat(issuer.certificateRevocationList(root).crl().getSigAlgName()).isEqualTo(signature);
  }

  @Test
  void anAuthorityMaySignAndNothingElse() {
    X509Certificate certificate = authority.certificate();
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=broker.factory");
    assertThat(certificate.getBasicConstraints()).isEqualTo(3);
    assertThat(usages(certificate)).containsExactlyInAnyOrder(5, 6);
    assertThat(certificate.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
    assertThat(certificate.getNonCriticalExtensionOIDs()).containsExactly("2.5.29.14");
    assertThat(authority.notBefore()).isEqualTo("2026-05-06T07:03:09Z");
    assertThat(authority.notAfter()).isEqualTo("2036-05-03T07:08:09Z");
    assertThat(authority.isAuthority()).isTrue();
  }

  @Test
  void aServerCertificateHoldsItsNamesAndOnePurpose() throws Exception {
    X509Certificate certificate =
        issuer.issueServer(authority, Samples.server(KeyAlgorithm.ECDSA_P256)).certificate();
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(usages(certificate)).containsExactly(0);
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(certificate.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder("2.5.29.19", "2.5.29.15");
    assertThat(certificate.getSubjectAlternativeNames())
        .contains(List.of(2, "*.broker-pods.factory.svc"), List.of(7, "127.0.0.1"))
        .hasSize(9);
    assertThat(identifier(certificate, "2.5.29.35", 6))
        .isEqualTo(identifier(authority.certificate(), "2.5.29.14", 4));
    X509Certificate rsa =
        issuer.issueServer(authority, Samples.server(KeyAlgorithm.RSA_2048)).certificate();
    assertThat(usages(rsa)).containsExactly(0, 2);
  }

  @Test
  void aClientCertificateNamesTheOperatorsAccount() throws Exception {
    KeyAndCertificate client =
        issuer.issueClient(authority, Samples.client(KeyAlgorithm.ECDSA_P256));
    X509Certificate certificate = client.certificate();
    assertThat(CommonName.of(certificate)).isEqualTo(OPERATOR);
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + OPERATOR);
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getSubjectAlternativeNames()).isNull();
    assertThat(client.chain()).hasSize(1);
    assertThat(client.isAuthority()).isFalse();
  }

  @Test
  void aNameTooLongForACommonNameIsAnAlternativeNameAlone() throws Exception {
    String longName = "b".repeat(40) + "." + "n".repeat(63) + ".svc";
    var profile =
        new ServerProfile(longName, List.of(longName), List.of(), KeyAlgorithm.ECDSA_P256, YEAR);
    KeyAndCertificate server = issuer.issueServer(authority, profile);
    assertThat(server.certificate().getSubjectX500Principal().getName()).isEmpty();
    assertThat(server.certificate().getCriticalExtensionOIDs()).contains("2.5.29.17");
    assertThat(ServerNames.match(server.certificate(), profile)).isTrue();
    validate(server, authority, issuer.certificateRevocationList(authority), NOW);
    assertThatThrownBy(() -> new ClientProfile("u".repeat(65), KeyAlgorithm.ECDSA_P256, YEAR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64");
  }

  @Test
  void nothingInACommonNameIsSyntax() {
    for (String name :
        List.of(
            "#0c0141", "a,O=x", "a+CN=b", "a\\,b", "\"quoted\"", "ü", "x=y;z", "𝒳".repeat(64))) {
      var profile = new ClientProfile(name, KeyAlgorithm.ECDSA_P256, YEAR);
      assertThat(CommonName.of(issuer.issueClient(authority, profile).certificate()))
          .isEqualTo(name);
    }
    for (String name : List.of("", "a\nb", "a\0b", " a", "a ", "\u0085", "\ud800")) {
      assertThatThrownBy(() -> new ClientProfile(name, KeyAlgorithm.ECDSA_P256, YEAR))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aLongNameIsShortenedAndStaysItself() {
    String one = "b".repeat(40) + "." + "n".repeat(63);
    assertThat(CommonName.shortened("broker.factory")).isEqualTo("broker.factory");
    assertThat(CommonName.shortened(one)).hasSize(64).startsWith("bbbb");
    assertThat(CommonName.shortened(one + "n")).isNotEqualTo(CommonName.shortened(one));
  }

  @Test
  void noLeafOutlivesItsAuthority() {
    KeyAndCertificate brief =
        issuer.createAuthority(
            new AuthorityProfile("brief", KeyAlgorithm.ECDSA_P256, Duration.ofHours(2)));
    KeyAndCertificate client = issuer.issueClient(brief, Samples.client(KeyAlgorithm.ECDSA_P256));
    assertThat(client.notAfter()).isEqualTo(brief.notAfter());
    CertificateIssuer later = new CertificateIssuer(Samples.at(NOW.plusSeconds(7300)), random(7));
    assertThatThrownBy(() -> later.issueClient(brief, Samples.client(KeyAlgorithm.ECDSA_P256)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("renew it");
    CertificateIssuer earlier =
        new CertificateIssuer(Samples.at(NOW.minusSeconds(3600)), random(7));
    assertThatThrownBy(() -> earlier.certificateRevocationList(brief))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aLeafSignsNothing() {
    KeyAndCertificate leaf = issuer.issueClient(authority, Samples.client(KeyAlgorithm.ECDSA_P256));
    assertThatThrownBy(() -> issuer.issueClient(leaf, Samples.client(KeyAlgorithm.ECDSA_P256)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CA:TRUE");
  }

  @Test
  void datesAreWrittenAsTheirYearAsks() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("th-TH-u-ca-buddhist-nu-thai"));
    try {
      assertThat(der(Duration.ofDays(365 * 20))).contains("260506070309Z", "460501070809Z");
      assertThat(der(Duration.ofDays(365 * 30))).contains("260506070309Z", "20560428070809Z");
      assertThat(der(Duration.ofSeconds(Long.MAX_VALUE))).contains("99991231235959Z");
      KeyAndCertificate endless =
          issuer.createAuthority(
              new AuthorityProfile(
                  "a", KeyAlgorithm.ECDSA_P256, Duration.ofSeconds(Long.MAX_VALUE)));
      issuer.certificateRevocationList(
          endless, List.of(new RevokedCertificate(BigInteger.TEN, NOW)));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void serialNumbersArePositiveAllDifferentAndOfOneLength() {
    List<String> serials =
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    issuer
                        .issueClient(authority, Samples.client(KeyAlgorithm.ECDSA_P256))
                        .serialHex())
            .toList();
    assertThat(serials)
        .doesNotHaveDuplicates()
        .allMatch(serial -> serial.matches("[4-7][0-9a-f]{31}"));
  }

  @Test
  void aRevokedSerialIsRefusedAndOthersAreNot() throws Exception {
    KeyAndCertificate good = issuer.issueClient(authority, Samples.client(KeyAlgorithm.ECDSA_P256));
    KeyAndCertificate bad = issuer.issueClient(authority, Samples.client(KeyAlgorithm.ECDSA_P256));
    var list =
        issuer.certificateRevocationList(
            authority, List.of(RevokedCertificate.of(bad.serialHex(), NOW)));
    validate(good, authority, list, NOW);
    assertThatThrownBy(() -> validate(bad, authority, list, NOW)).hasMessageContaining("revoked");
    assertThat(list.crl().getNextUpdate().toInstant()).isEqualTo(authority.notAfter());
    assertThat(list.crl().getNonCriticalExtensionOIDs())
        .containsExactlyInAnyOrder("2.5.29.20", "2.5.29.35");
    assertThat(CertificateRevocationList.parse(list.pem())).isEqualTo(list);
    assertThat(
            list.isCurrent(
                authority.certificate(), Set.of(bad.certificate().getSerialNumber()), NOW))
        .isTrue();
    assertThat(list.isCurrent(authority.certificate(), Set.of(), NOW)).isFalse();
    KeyAndCertificate other = issuer.createAuthority(Samples.authority(KeyAlgorithm.ECDSA_P256));
    assertThat(
            issuer.certificateRevocationList(other).isCurrent(other.certificate(), Set.of(), NOW))
        .isTrue();
    assertThat(
            issuer
                .certificateRevocationList(other)
                .isCurrent(authority.certificate(), Set.of(), NOW))
        .isFalse();
  }

  private String der(Duration validity) throws GeneralSecurityException {
    var profile = new AuthorityProfile("a", KeyAlgorithm.ECDSA_P256, validity);
    return new String(issuer.createAuthority(profile).certificate().getEncoded(), US_ASCII);
  }

  private static List<Integer> usages(X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    return IntStream.range(0, usage.length).filter(i -> usage[i]).boxed().toList();
  }

  private static String identifier(X509Certificate certificate, String oid, int skip) {
    byte[] value = certificate.getExtensionValue(oid);
    return HexFormat.of().formatHex(value, skip, value.length);
  }

  static void validate(
      KeyAndCertificate leaf, KeyAndCertificate root, CertificateRevocationList list, Instant now)
      throws GeneralSecurityException {
    var parameters = new PKIXParameters(Set.of(new TrustAnchor(root.certificate(), null)));
    parameters.setDate(Date.from(now));
    parameters.addCertStore(
        CertStore.getInstance(
            "Collection", new CollectionCertStoreParameters(List.of(list.crl()))));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(leaf.chain()), parameters);
  }
}
