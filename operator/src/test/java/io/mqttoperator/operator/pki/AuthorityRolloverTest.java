package io.mqttoperator.operator.pki;

import static io.mqttoperator.operator.pki.KeyAlgorithm.ECDSA_P256;
import static io.mqttoperator.operator.pki.KeyAlgorithm.ECDSA_P384;
import static io.mqttoperator.operator.pki.KeyAlgorithm.RSA_2048;
import static io.mqttoperator.operator.pki.Samples.NOW;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttoperator.operator.pki.RolloverDecision.Cause;
import io.mqttoperator.operator.pki.RolloverDecision.Distrust;
import io.mqttoperator.operator.pki.RolloverDecision.Issue;
import io.mqttoperator.operator.pki.RolloverDecision.Observe;
import io.mqttoperator.operator.pki.RolloverDecision.Replace;
import io.mqttoperator.operator.pki.RolloverDecision.Return;
import io.mqttoperator.operator.pki.RolloverDecision.Trust;
import io.mqttoperator.operator.pki.RolloverDecision.Withdraw;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each step of a rollover, and what openssl makes of what it leads to. */
class AuthorityRolloverTest {

  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration WEEK = Duration.ofDays(7);

  @TempDir Path folder;

  private Instant now = NOW;
  private AuthorityRequest asked = asked(1, ECDSA_P256);
  private Authorities stored = rollover().first(asked);

  private static AuthorityRequest asked(int generation, KeyAlgorithm algorithm) {
    return new AuthorityRequest(
        "fleet CA", algorithm, YEAR.multipliedBy(10), YEAR, WEEK, generation);
  }

  private AuthorityRollover rollover() {
    return new AuthorityRollover(
        new CertificateIssuer(Samples.at(now), Samples.random(now.toEpochMilli())),
        Samples.at(now));
  }

  /** Goes on, and stores what comes of it; answers what was done. */
  private List<Class<?>> go(AuthorityProof proof) {
    var outcome = rollover().go(stored, asked, proof);
    stored = read(AuthorityFiles.of(outcome.authorities()));
    assertThat(stored).as("as it was stored").isEqualTo(outcome.authorities());
    assertThat(outcome.lookAt()).isAfter(now);
    return outcome.steps().stream().<Class<?>>map(Object::getClass).toList();
  }

  private static Authorities read(Map<String, byte[]> files) {
    try {
      return AuthorityFiles.read(key -> Optional.ofNullable(files.get(key)));
    } catch (InvalidCertificateException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private AuthorityProof trusted() {
    return new AuthorityProof(new HashSet<>(stored.trustedCertificates()), 0);
  }

  private AuthorityProof replaced() {
    return new AuthorityProof(Set.of(), stored.issuing().number());
  }

  /** To the stage in which the next one issues. */
  private void issue(int generation, KeyAlgorithm algorithm) {
    asked = asked(generation, algorithm);
    assertThat(go(AuthorityProof.NONE)).containsExactly(Trust.class);
    assertThat(go(trusted())).containsExactly(Issue.class);
  }

  /** A tenant that keeps its Secret as it was could keep an authority trusted for ever. */
  @Test
  void waitsForWhoHasItsCertificateNoLongerThanTheOverlap() {
    issue(2, ECDSA_P256);
    var begin = now;
    for (var overlap : List.of(Duration.ZERO, WEEK)) {
      var patience = overlap.isZero() ? Duration.ofHours(1) : overlap;
      var last = begin.plus(patience).minusSeconds(1);
      assertThat(stored.waitsFor(true, overlap, last)).isTrue();
      assertThat(stored.waitsFor(true, overlap, last.plusSeconds(1))).isFalse();
      assertThat(stored.waitsFor(false, overlap, begin.plus(YEAR))).as("its turn comes").isTrue();
    }
    now = now.plus(Duration.ofDays(3));
    asked = asked(1, ECDSA_P256);
    assertThat(go(AuthorityProof.NONE)).containsExactly(Return.class);
    assertThat(stored.waitsFor(true, WEEK, begin.plus(WEEK))).as("from the last one on").isTrue();
    assertThat(stored.waitsFor(true, WEEK, now.plus(WEEK))).isFalse();
  }

  /** Without knowing since when it waits, it waits; the next rollover knows. */
  @Test
  void readsFormersAsAnEarlierVersionWroteThem() {
    issue(2, ECDSA_P256);
    var files = new HashMap<>(AuthorityFiles.of(stored));
    var list = new String(files.get("authorities"), US_ASCII);
    files.put("authorities", list.replaceAll(" - [0-9TZ:-]{20}", "").getBytes(US_ASCII));
    var before = read(files);
    assertThat(before.formers().getFirst().left()).isEmpty();
    assertThat(before.stage()).isEqualTo(RolloverStage.ISSUE);
    assertThat(before.waitsFor(true, WEEK, now.plus(YEAR))).isTrue();
    files.put(
        "authorities",
        list.replaceAll(" - [0-9TZ:-]{20}", " 2026-05-06T07:08:09Z").getBytes(US_ASCII));
    assertThat(read(files).formers().getFirst().since())
        .contains(Instant.parse("2026-05-06T07:08:09Z"));
  }

  @Test
  void goesThroughItsStagesAsFarAsIsSeen() {
    var first = stored.issuing();
    assertThat(go(AuthorityProof.NONE)).isEmpty();
    asked = asked(2, ECDSA_P384);
    assertThat(go(AuthorityProof.NONE)).containsExactly(Trust.class);
    assertThat(stored.stage()).isEqualTo(RolloverStage.TRUST);
    assertThat(stored.issuing()).isEqualTo(first);
    assertThat(go(AuthorityProof.NONE)).as("nothing is proven").isEmpty();
    assertThat(go(replaced())).isEmpty();
    var next = stored.next().orElseThrow();
    assertThat(CommonName.of(next.pair().certificate())).isEqualTo("fleet CA 2");

    assertThat(go(trusted())).containsExactly(Issue.class);
    assertThat(stored.stage()).isEqualTo(RolloverStage.ISSUE);
    assertThat(stored.issuing()).isEqualTo(next);
    now = now.plus(WEEK.multipliedBy(5));
    assertThat(go(trusted())).as("not all is replaced").isEmpty();

    assertThat(go(replaced())).containsExactly(Observe.class);
    assertThat(stored.stage()).isEqualTo(RolloverStage.OBSERVE);
    now = now.plus(WEEK).minusSeconds(2);
    assertThat(go(replaced())).isEmpty();
    now = now.plusSeconds(2);
    assertThat(go(AuthorityProof.NONE)).containsExactly(Distrust.class);
    assertThat(stored.stage()).isEqualTo(RolloverStage.CURRENT);
    assertThat(stored.trusted()).containsExactly(next.pair());
    assertThat(stored.path()).isEmpty();
    assertThat(go(trusted())).isEmpty();
  }

  @Test
  void anOverlapOfNothingEndsAtOnce() {
    issue(2, ECDSA_P256);
    asked =
        new AuthorityRequest("fleet CA", ECDSA_P256, YEAR.multipliedBy(10), YEAR, Duration.ZERO, 2);
    assertThat(go(replaced())).containsExactly(Observe.class, Distrust.class);
  }

  @Test
  void theNextOneIsMadeInTimeAndTheSpecsGenerationStays() {
    now = stored.issuing().pair().notAfter().minus(YEAR).minusSeconds(1);
    assertThat(go(AuthorityProof.NONE)).isEmpty();
    now = now.plusSeconds(1);
    assertThat(decision()).isEqualTo(new Trust(1, Cause.DUE));
    assertThat(go(AuthorityProof.NONE)).containsExactly(Trust.class);
    assertThat(go(trusted())).containsExactly(Issue.class);
    assertThat(go(replaced())).containsExactly(Observe.class);
    now = now.plus(WEEK);
    assertThat(go(replaced())).containsExactly(Distrust.class);
    assertThat(stored.issuing().number()).isEqualTo(2);
    assertThat(stored.issuing().asked()).isEqualTo(1);
    issue(2, ECDSA_P256);
    assertThat(stored.issuing().number()).isEqualTo(3);
  }

  private RolloverDecision decision() {
    return AuthorityRollover.decide(stored, asked, AuthorityProof.NONE, Samples.at(now));
  }

  /** Nobody can be served by one that has ended: nothing is to be waited for. */
  @Test
  void oneThatHasEndedIsReplacedAtOnce() {
    var end = stored.issuing().pair().notAfter();
    now = now.plus(WEEK);
    asked = asked(2, ECDSA_P256);
    go(AuthorityProof.NONE);
    var next = stored.next().orElseThrow();
    now = end.plusSeconds(1);
    assertThat(go(AuthorityProof.NONE)).startsWith(Issue.class);
    assertThat(stored.issuing()).isEqualTo(next);
    assertThat(stored.formers()).isEmpty();
    now = next.pair().notAfter().plusSeconds(1);
    stored = new Authorities(2, next, Optional.empty(), List.of(), List.of());
    assertThat(go(AuthorityProof.NONE)).containsExactly(Replace.class);
    assertThat(stored.trusted()).hasSize(1);
    assertThat(stored.issuing().number()).isEqualTo(3);
  }

  @Test
  void aFormerOneIsTrustedUntilItsEndAtMost() {
    var first = stored.issuing();
    issue(2, ECDSA_P256);
    now = first.pair().notAfter().minus(WEEK.dividedBy(2));
    go(replaced());
    now = first.pair().notAfter();
    assertThat(go(AuthorityProof.NONE)).startsWith(Distrust.class);
    assertThat(stored.trusted()).doesNotContain(first.pair());
  }

  @Test
  void goesBackWhileItCan() {
    var first = stored.issuing();
    asked = asked(2, ECDSA_P256);
    go(AuthorityProof.NONE);
    asked = asked(1, ECDSA_P256);
    assertThat(go(AuthorityProof.NONE)).containsExactly(Withdraw.class);
    assertThat(stored.trusted()).containsExactly(first.pair());

    issue(2, ECDSA_P256);
    assertThat(stored.issuing().number()).as("never that of another key").isEqualTo(3);
    var second = stored.issuing();
    asked = asked(1, ECDSA_P256);
    assertThat(go(replaced())).containsExactly(Return.class);
    assertThat(stored.issuing()).isEqualTo(first);
    assertThat(stored.trusted()).containsExactly(first.pair(), second.pair());
    assertThat(stored.stage()).isEqualTo(RolloverStage.ISSUE);
    asked = asked(2, ECDSA_P256);
    assertThat(go(AuthorityProof.NONE)).containsExactly(Return.class);
    assertThat(stored.issuing()).isEqualTo(second);
    go(replaced());
    now = now.plus(WEEK);
    go(replaced());
    asked = asked(1, ECDSA_P256);
    assertThat(go(replaced())).as("it is gone").isEmpty();
    assertThat(stored.issuing()).isEqualTo(second);
  }

  /** A path may not be longer than an authority allows: then the next one waits. */
  @Test
  void thoseThatAreTrustedAreBounded() {
    for (int generation = 2; generation <= 4; generation++) {
      issue(generation, ECDSA_P256);
    }
    asked = asked(5, ECDSA_P256);
    go(AuthorityProof.NONE);
    assertThat(go(trusted())).isEmpty();
    assertThat(go(replaced())).containsExactly(Observe.class);
    now = now.plus(WEEK);
    assertThat(go(AuthorityProof.NONE)).hasSize(3).containsOnly(Distrust.class);
    assertThat(go(trusted())).containsExactly(Issue.class);
  }

  @Test
  void anAuthorityOfBeforeStandsAlone() throws Exception {
    var files = AuthorityFiles.of(stored);
    assertThat(files).containsOnlyKeys("tls.crt", "tls.key");
    assertThat(read(files)).isEqualTo(stored);
  }

  @Test
  void whatCannotBeReadIsSaidAndNotReplaced() {
    issue(2, ECDSA_P256);
    asked = asked(3, ECDSA_P256);
    go(AuthorityProof.NONE);
    var files = AuthorityFiles.of(stored);
    assertThat(files)
        .containsOnlyKeys(
            "tls.crt",
            "tls.key",
            "next.crt",
            "next.key",
            "former-1.crt",
            "former-1.key",
            "path.crt",
            "authorities");
    for (var key : files.keySet()) {
      for (var content : List.of("", "-----BEGIN CERTIFICATE-----\nnone", "tls 1 1\nhighest 0\n")) {
        var damaged = new HashMap<>(files);
        damaged.put(key, content.getBytes(US_ASCII));
        assertThatThrownBy(
                () -> AuthorityFiles.read(name -> Optional.ofNullable(damaged.get(name))))
            .as(key)
            .isInstanceOf(InvalidCertificateException.class);
      }
      if (!key.equals("authorities")) {
        var without = new HashMap<>(files);
        without.remove(key);
        assertThatThrownBy(
                () -> AuthorityFiles.read(name -> Optional.ofNullable(without.get(name))))
            .as(key)
            .isInstanceOf(InvalidCertificateException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ECDSA_P256", "ECDSA_P384", "RSA_2048"})
  void whoTrustsAnyOfThemAcceptsWhatTheNewestShows(KeyAlgorithm algorithm) throws Exception {
    issue(2, algorithm);
    issue(3, algorithm == RSA_2048 ? ECDSA_P256 : RSA_2048);
    issue(4, algorithm);
    assertAllServed();
    asked = asked(2, algorithm);
    assertThat(go(AuthorityProof.NONE)).containsExactly(Return.class);
    assertAllServed();
  }

  /** As versions before had them: with room for one below. */
  @Test
  void anAuthorityThatAllowsForOneBelowComesFirst() throws Exception {
    var issuer = Samples.issuer(NOW);
    var strict = new AuthorityProfile("fleet CA", ECDSA_P256, YEAR.multipliedBy(10), 1);
    stored = Authorities.only(new AuthorityGeneration(1, 1, issuer.createAuthority(strict)), 1);
    issue(2, ECDSA_P256);
    issue(3, ECDSA_P256);
    assertAllServed();
  }

  private void assertAllServed() throws Exception {
    var openSsl = new OpenSsl(folder);
    var issuer = new CertificateIssuer(Samples.at(now), Samples.random(5));
    var server = issuer.issueServer(stored.forServers(), Samples.server(ECDSA_P256));
    assertThat(server.chain()).hasSize(1 + stored.formers().size());
    assertThat(KeyAndCertificate.parse(server.certificatePem(), server.keyPem()).chain())
        .isEqualTo(server.chain());
    openSsl.file("server.crt", server.certificatePem());
    for (var trusted : stored.trusted()) {
      openSsl.file("ca.crt", trusted.certificatePem());
      assertThat(
              openSsl.run(
                  "verify",
                  "-x509_strict",
                  "-CAfile",
                  "ca.crt",
                  "-untrusted",
                  "server.crt",
                  "-attime",
                  "" + now.getEpochSecond(),
                  "-auth_level",
                  "2",
                  "-purpose",
                  "sslserver",
                  "server.crt"))
          .isEqualTo(new OpenSsl.Result(0, "server.crt: OK\n"));
      CertificatePath.require(upTo(server.chain(), trusted), List.of(trusted.certificate()), now);
    }
  }

  /** As a client would follow it: no further than to what it trusts. */
  private static List<X509Certificate> upTo(
      List<X509Certificate> chain, KeyAndCertificate trusted) {
    for (int i = 0; i < chain.size(); i++) {
      if (KeyAndCertificate.isSignedBy(chain.get(i), trusted.certificate())) {
        return chain.subList(0, i + 1);
      }
    }
    throw new AssertionError("no way leads to " + trusted);
  }
}
