package io.mqttoperator.operator.pki;

import static io.mqttoperator.operator.pki.KeyAlgorithm.ECDSA_P256;
import static io.mqttoperator.operator.pki.KeyAlgorithm.ECDSA_P384;
import static io.mqttoperator.operator.pki.Samples.NOW;
import static io.mqttoperator.operator.pki.Samples.YEAR;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttoperator.operator.pki.RenewalDecision.Issue;
import io.mqttoperator.operator.pki.RenewalDecision.Keep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenewalRulesTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration THIRTY_DAYS = DAY.multipliedBy(30);
  private static final Duration VALIDITY = DAY.multipliedBy(90);

  private final CertificateIssuer issuer = Samples.issuer(NOW);
  private final KeyAndCertificate authority = issuer.createAuthority(Samples.authority(ECDSA_P256));
  private final KeyAndCertificate server =
      issuer.issueServer(authority, Samples.server(ECDSA_P256));

  @Test
  void nothingAndRubbishAreReplaced() {
    assertThat(RenewalRules.decide(Optional.empty(), desired(0), Samples.CLOCK))
        .isEqualTo(new Issue(IssueReason.MISSING));
    StoredCertificate rubbish =
        StoredCertificate.read("rubbish".getBytes(US_ASCII), server.keyPem(), 1);
    assertThat(rubbish).isInstanceOf(StoredCertificate.Unreadable.class);
    assertThat(RenewalRules.decide(Optional.of(rubbish), desired(0), Samples.CLOCK))
        .isEqualTo(new Issue(IssueReason.UNREADABLE));
  }

  @Test
  void aCertificateIsKeptUntilItsRenewalIsDueAndNotASecondLonger() {
    Instant due = server.notAfter().minus(THIRTY_DAYS);
    assertThat(decide(server, desired(1), NOW)).isEqualTo(new Keep(due));
    assertThat(decide(server, desired(1), due.minusSeconds(1))).isEqualTo(new Keep(due));
    assertThat(decide(server, desired(1), due)).isEqualTo(new Issue(IssueReason.DUE));
    assertThat(decide(server, desired(1), server.notAfter())).isEqualTo(new Issue(IssueReason.DUE));
    assertThat(decide(server, desired(1), server.notAfter().plusMillis(1)))
        .isEqualTo(new Issue(IssueReason.EXPIRED));
  }

  @Test
  void aRaisedGenerationAsksForANewOneAndALowerOneDoesNot() {
    assertThat(decide(server, desired(2), NOW)).isEqualTo(new Issue(IssueReason.GENERATION_RAISED));
    assertThat(decide(server, desired(0), NOW)).isInstanceOf(Keep.class);
    assertThat(decide(server, desired(2), server.notAfter().plus(YEAR)))
        .as("a caller that revokes must learn of it even when it is also too late")
        .isEqualTo(new Issue(IssueReason.GENERATION_RAISED));
  }

  @Test
  void namesAreComparedAsASet() {
    ServerProfile profile = Samples.server(ECDSA_P256);
    assertThat(
            decide(
                server,
                desired(named(profile.dnsNames().reversed(), List.of("0:0::1", "127.0.0.1"))),
                NOW))
        .isInstanceOf(Keep.class);
    assertThat(decide(server, desired(named(List.of("BROKER", "localhost"), List.of())), NOW))
        .isEqualTo(new Issue(IssueReason.NAMES_CHANGED));
    assertThat(
            decide(
                server,
                desired(named(profile.dnsNames(), List.of("127.0.0.1", "::1", "::2"))),
                NOW))
        .isEqualTo(new Issue(IssueReason.NAMES_CHANGED));
    var renamed =
        new ServerProfile("other", profile.dnsNames(), profile.ipAddresses(), ECDSA_P256, VALIDITY);
    assertThat(decide(server, desired(renamed), NOW))
        .isEqualTo(new Issue(IssueReason.NAMES_CHANGED));
    KeyAndCertificate client = issuer.issueClient(authority, Samples.client(ECDSA_P256));
    assertThat(decide(client, desired(Samples.client(ECDSA_P256)), NOW)).isInstanceOf(Keep.class);
    assertThat(decide(client, desired(new ClientProfile("other", ECDSA_P256, VALIDITY)), NOW))
        .isEqualTo(new Issue(IssueReason.NAMES_CHANGED));
  }

  @Test
  void anotherKeyAlgorithmIsTaken() {
    assertThat(decide(server, desired(Samples.server(ECDSA_P384)), NOW))
        .isEqualTo(new Issue(IssueReason.KEY_ALGORITHM_CHANGED));
  }

  @Test
  void anotherAuthorityOfTheSameNameIsNoticed() {
    KeyAndCertificate other = issuer.createAuthority(Samples.authority(ECDSA_P256));
    var desired = DesiredCertificate.issuedBy(other, Samples.server(ECDSA_P256), THIRTY_DAYS, 1);
    assertThat(decide(server, desired, NOW)).isEqualTo(new Issue(IssueReason.AUTHORITY_CHANGED));
  }

  @Test
  void anotherValidityTakesEffectBothWays() {
    for (Duration other :
        List.of(VALIDITY.minus(DAY), VALIDITY.plus(DAY), VALIDITY.plusMinutes(2))) {
      assertThat(decide(server, desired(lasting(other)), NOW))
          .isEqualTo(new Issue(IssueReason.VALIDITY_CHANGED));
      KeyAndCertificate again = issuer.issueServer(authority, lasting(other));
      assertThat(decide(again, desired(lasting(other)), NOW)).isInstanceOf(Keep.class);
    }
  }

  @Test
  void aLeafThatItsAuthorityCutsShortIsNotIssuedAgainAndAgain() {
    Instant late = authority.notAfter().minus(DAY.multipliedBy(10));
    KeyAndCertificate last =
        Samples.issuer(late).issueServer(authority, Samples.server(ECDSA_P256));
    assertThat(last.notAfter()).isEqualTo(authority.notAfter());
    assertThat(decide(last, desired(1), late)).isEqualTo(new Keep(last.notAfter().plusSeconds(1)));
    assertThat(decide(last, desired(1), last.notAfter())).isInstanceOf(Keep.class);
    assertThat(decide(last, desired(lasting(DAY)), late))
        .isEqualTo(new Issue(IssueReason.VALIDITY_CHANGED));
  }

  @Test
  void aCertificateFromTheFutureIsReplacedUnlessOurClockIsBehind() {
    KeyAndCertificate future =
        Samples.issuer(NOW.plus(DAY)).issueServer(authority, Samples.server(ECDSA_P256));
    assertThat(decide(future, desired(1), NOW)).isEqualTo(new Issue(IssueReason.NOT_YET_VALID));
    assertThat(decide(server, desired(1), Instant.EPOCH)).isInstanceOf(Keep.class);
  }

  @Test
  void anAuthorityIsReplacedForFewerReasons() {
    DesiredCertificate same = DesiredCertificate.authority(Samples.authority(ECDSA_P256), YEAR);
    assertThat(decide(authority, same, NOW)).isEqualTo(new Keep(authority.notAfter().minus(YEAR)));
    var changed = new AuthorityProfile("other", ECDSA_P384, YEAR.multipliedBy(5));
    assertThat(decide(authority, DesiredCertificate.authority(changed, YEAR), NOW))
        .isInstanceOf(Keep.class);
    // When another follows, because it is asked for, is for AuthorityRollover.
    assertThat(decide(authority, new DesiredCertificate(changed, YEAR, 2, List.of()), NOW))
        .isInstanceOf(Keep.class);
    assertThat(decide(authority, same, authority.notAfter().minus(YEAR)))
        .isEqualTo(new Issue(IssueReason.DUE));
    assertThat(decide(server, same, NOW)).isEqualTo(new Issue(IssueReason.UNREADABLE));
    assertThatThrownBy(() -> new DesiredCertificate(changed, YEAR, 1, authority.chain()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theWindowIsAThirdWithin720HoursAndNeverAbove90Percent() {
    assertThat(RenewalWindow.byDefault(Duration.ofDays(90))).isEqualTo(Duration.ofDays(30));
    assertThat(RenewalWindow.byDefault(Duration.ofDays(3650))).isEqualTo(Duration.ofDays(30));
    assertThat(RenewalWindow.byDefault(Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(20));
    assertThat(RenewalWindow.atMost(Duration.ofHours(1), Duration.ofMinutes(59)))
        .isEqualTo(Duration.ofMinutes(54));
    assertThat(RenewalWindow.atMost(Duration.ofHours(1), Duration.ofMinutes(5)))
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(RenewalWindow.atMost(Duration.ofSeconds(Long.MAX_VALUE), YEAR)).isEqualTo(YEAR);
  }

  private DesiredCertificate desired(long generation) {
    return DesiredCertificate.issuedBy(
        authority, Samples.server(ECDSA_P256), THIRTY_DAYS, generation);
  }

  private DesiredCertificate desired(CertificateProfile profile) {
    return DesiredCertificate.issuedBy(authority, profile, THIRTY_DAYS, 1);
  }

  private static ServerProfile named(List<String> dnsNames, List<String> ipAddresses) {
    return new ServerProfile("broker.factory.svc", dnsNames, ipAddresses, ECDSA_P256, VALIDITY);
  }

  private static ServerProfile lasting(Duration validity) {
    ServerProfile profile = Samples.server(ECDSA_P256);
    return new ServerProfile(
        profile.commonName(), profile.dnsNames(), profile.ipAddresses(), ECDSA_P256, validity);
  }

  private static RenewalDecision decide(
      KeyAndCertificate current, DesiredCertificate desired, Instant now) {
    StoredCertificate stored =
        StoredCertificate.read(current.certificatePem(), current.keyPem(), 1);
    return RenewalRules.decide(Optional.of(stored), desired, Samples.at(now));
  }
}
