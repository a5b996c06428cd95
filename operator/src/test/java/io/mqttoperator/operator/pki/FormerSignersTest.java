package io.mqttoperator.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;

/** What an owner's changes leave trusted, and for how long. */
class FormerSignersTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration OVERLAP = Duration.ofDays(7);

  private final Signers a = brought("A", 3650, 3);
  private final Signers b = brought("B", 3650, 3);
  private final Signers c = brought("C", 3650, 3);

  private static CertificateIssuer issuer(Instant now) {
    return new CertificateIssuer(Clock.fixed(now, ZoneOffset.UTC), new SecureRandom());
  }

  private static Signers brought(String name, int days, int pathLength) {
    var pair =
        issuer(NOW)
            .createAuthority(
                new AuthorityProfile(
                    name, KeyAlgorithm.ECDSA_P256, Duration.ofDays(days), pathLength));
    return Signers.of(new OwnAuthority(pair, List.of(pair.certificate())));
  }

  private static FormerSigners follow(
      FormerSigners formers, Signers before, Signers now, Duration overlap, Instant time) {
    return formers.follow(before, now, overlap, issuer(time), Clock.fixed(time, ZoneOffset.UTC));
  }

  private FormerSigners follow(Signers before, Signers now) {
    return follow(FormerSigners.NONE, before, now, OVERLAP, NOW);
  }

  /** What is stored is read back, and looked at again: nothing more is to be written. */
  private static void assertCalm(FormerSigners formers, Signers now, Instant time)
      throws InvalidCertificateException {
    var files = formers.files();
    var read = FormerSigners.read(key -> Optional.ofNullable(files.get(key)));
    var again = follow(read, now, now, OVERLAP, time);
    assertThat(again.files()).containsExactlyInAnyOrderEntriesOf(files);
  }

  @Test
  void theOneBeforeIsTrustedForTheOverlapAndVouchesForNoLonger() throws Exception {
    var formers = follow(a, b);
    assertThat(formers.pairs()).containsExactly(a.signing().pair());
    assertThat(formers.firstUntil()).contains(NOW.plus(OVERLAP));
    var across = formers.path().getFirst();
    assertThat(across.getNotAfter().toInstant()).isEqualTo(NOW.plus(OVERLAP));
    assertThat(across.getSubjectX500Principal())
        .isEqualTo(b.signing().pair().certificate().getSubjectX500Principal());
    var identifier = Extension.subjectKeyIdentifier.getId();
    assertThat(across.getExtensionValue(identifier))
        .isEqualTo(b.signing().pair().certificate().getExtensionValue(identifier));
    across.verify(a.signing().pair().certificate().getPublicKey());
    assertCalm(formers, b, NOW.plus(Duration.ofDays(6)));
    assertThat(follow(formers, b, b, OVERLAP, NOW.plus(OVERLAP))).isEqualTo(FormerSigners.NONE);
  }

  @Test
  void theOverlapMayBeChangedOnTheWay() {
    var formers = follow(a, b);
    var longer = follow(formers, b, b, OVERLAP.multipliedBy(2), NOW.plusSeconds(60));
    assertThat(longer.firstUntil()).contains(NOW.plus(OVERLAP.multipliedBy(2)));
    assertThat(longer.path().getFirst().getNotAfter().toInstant())
        .isEqualTo(NOW.plus(OVERLAP.multipliedBy(2)));
    assertThat(follow(longer, b, b, Duration.ZERO, NOW.plusSeconds(60)))
        .isEqualTo(FormerSigners.NONE);
  }

  @Test
  void theSameKeyAndNameIsTheSameAuthority() {
    var renewed = issuer(NOW).signAcross(a.signing().pair(), a.signing().pair(), 3);
    var same =
        Signers.of(
            new OwnAuthority(
                new KeyAndCertificate(a.signing().pair().key(), List.of(renewed)),
                List.of(renewed)));
    assertThat(follow(a, same)).isEqualTo(FormerSigners.NONE);
  }

  @Test
  void backAndForthLeavesTheOther() throws Exception {
    var formers = follow(a, b);
    var back = follow(formers, b, a, OVERLAP, NOW.plusSeconds(60));
    assertThat(back.pairs()).containsExactly(b.signing().pair());
    assertCalm(back, a, NOW.plusSeconds(120));
  }

  @Test
  void eachOfSeveralIsTrustedForItsOwnTime() throws Exception {
    var later = NOW.plus(Duration.ofDays(1));
    var formers = follow(follow(a, b), b, c, OVERLAP, later);
    assertThat(formers.pairs()).containsExactly(b.signing().pair(), a.signing().pair());
    assertCalm(formers, c, later.plusSeconds(60));
    var end = follow(formers, c, c, OVERLAP, NOW.plus(OVERLAP));
    assertThat(end.pairs()).containsExactly(b.signing().pair());
  }

  @Test
  void noMoreThanFourAreKept() {
    var formers = FormerSigners.NONE;
    var before = a;
    for (int i = 0; i < 6; i++) {
      var next = brought("N" + i, 3650, 3);
      formers = follow(formers, before, next, OVERLAP, NOW.plusSeconds(i));
      before = next;
    }
    assertThat(formers.all()).hasSize(FormerSigners.MOST);
    assertThat(CommonName.of(formers.pairs().getFirst().certificate())).isEqualTo("N4");
  }

  @Test
  void oneThatItsOwnerLetEndIsNotKept() {
    var short1 = brought("short", 1, 3);
    assertThat(follow(FormerSigners.NONE, short1, b, OVERLAP, NOW.plus(Duration.ofDays(2))))
        .isEqualTo(FormerSigners.NONE);
    // And what ends meanwhile is trusted to its end.
    assertThat(follow(short1, b).firstUntil()).contains(short1.signing().end());
  }

  /** Its last good one stays in use after its end: nothing is to be signed anew for that. */
  @Test
  void aSignerThatHasEndedIsShownNoPath() throws Exception {
    var short1 = brought("short", 1, 3);
    var formers = follow(a, short1);
    assertThat(formers.path()).isNotEmpty();
    var ended = follow(formers, short1, short1, OVERLAP, NOW.plus(Duration.ofDays(2)));
    assertThat(ended.pairs()).containsExactly(a.signing().pair());
    assertThat(ended.path()).isEmpty();
    assertCalm(ended, short1, NOW.plus(Duration.ofDays(3)));
  }

  @Test
  void oneThatMayHaveNoneBelowDoesNotVouch() {
    assertThat(follow(brought("short path", 3650, 0), b).path()).isEmpty();
  }

  /** Clients with revocation lists of both could not tell whose list is whose. */
  @Test
  void twoOfOneNameNeedIdentifiers() {
    var same = brought("A", 3650, 3);
    assertThat(follow(a, same).pairs()).containsExactly(a.signing().pair());
    assertThat(follow(a, same).path()).isNotEmpty();
  }

  @Test
  void aClockThatWasAheadGivesNoMoreTime() {
    var ahead = follow(FormerSigners.NONE, a, b, OVERLAP, NOW.plus(Duration.ofDays(300)));
    assertThat(follow(ahead, b, b, OVERLAP, NOW).firstUntil()).contains(NOW.plus(OVERLAP));
  }

  /**
   * A rollover of generated ones goes on for each as it was, and what has not signed is dropped.
   */
  @Test
  void generatedOnesInARolloverKeepTheirTime() {
    var since = NOW.minus(Duration.ofDays(6));
    var generated =
        new Authorities(
            3,
            new AuthorityGeneration(2, 2, b.signing().pair()),
            Optional.of(new AuthorityGeneration(3, 3, c.signing().pair())),
            List.of(
                new FormerAuthority(
                    new AuthorityGeneration(1, 1, a.signing().pair()),
                    Optional.of(since),
                    Optional.of(since))),
            List.of(issuer(NOW).signAcross(b.signing().pair(), a.signing().pair(), 0)));
    var own = brought("own", 3650, 3);
    var formers = follow(FormerSigners.NONE, Signers.of(generated), own, OVERLAP, NOW);
    assertThat(formers.pairs()).containsExactly(b.signing().pair(), a.signing().pair());
    assertThat(formers.firstUntil()).contains(NOW.plus(Duration.ofDays(1)));
    // Back while that lasts: the generated ones lead to their own formers, and to no other.
    var back = follow(FormerSigners.NONE, own, Signers.of(generated), OVERLAP, NOW);
    assertThat(back.pairs()).containsExactly(own.signing().pair());
    assertThat(back.path()).isEmpty();
  }
}
