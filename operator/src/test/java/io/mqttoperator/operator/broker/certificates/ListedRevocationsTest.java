package io.mqttoperator.operator.broker.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.pki.AuthorityProfile;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.KeyAlgorithm;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.KeyIdentifier;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.pki.LedgerEntry.State;
import io.mqttoperator.operator.pki.LedgerFile;
import io.mqttoperator.operator.pki.RevokedCertificate;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListedRevocationsTest {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final Instant END = NOW.plus(Duration.ofDays(90));
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final CertificateIssuer ISSUER = new CertificateIssuer(CLOCK, new SecureRandom());
  private static final KeyAndCertificate FIRST = authority("fleet CA");
  private static final KeyAndCertificate SECOND = authority("fleet CA 2");
  private static final int AMPLE = SecretBlueprint.MAX_BYTES;

  private final Random random = new Random(1);

  private static KeyAndCertificate authority(String name) {
    return ISSUER.createAuthority(
        new AuthorityProfile(name, KeyAlgorithm.ECDSA_P256, Duration.ofDays(3650)));
  }

  private LedgerEntry entry(String username, Optional<KeyAndCertificate> issuer, Instant end) {
    return new LedgerEntry(
        new BigInteger(126, random).setBit(126),
        username,
        "uid-" + username,
        1,
        end,
        State.REVOKED,
        NOW,
        false,
        issuer.map(pair -> KeyIdentifier.of(pair.certificate())));
  }

  private List<LedgerEntry> entries(
      int count, String username, Optional<KeyAndCertificate> issuer, Instant end) {
    return IntStream.range(0, count).mapToObj(i -> entry(username, issuer, end)).toList();
  }

  private static ListedRevocations of(List<LedgerEntry> refused, long room, Set<String> used)
      throws DoNotFit {
    return ListedRevocations.of(
        List.of(FIRST.certificate(), SECOND.certificate()), refused, room, used::contains, NOW);
  }

  private static List<BigInteger> serials(ListedRevocations lists, X509Certificate authority) {
    return lists.of(authority).stream().map(RevokedCertificate::serial).toList();
  }

  @Test
  void eachAuthorityListsItsOwnAndWhatMayBeIts() throws Exception {
    var one = entry("anna", Optional.of(FIRST), END);
    var two = entry("bert", Optional.of(SECOND), END);
    var any = entry("carl", Optional.empty(), END);
    var lists = of(List.of(one, two, any), AMPLE, Set.of());
    assertThat(serials(lists, FIRST.certificate())).containsExactly(one.serial(), any.serial());
    assertThat(serials(lists, SECOND.certificate())).containsExactly(two.serial(), any.serial());
    assertThat(lists.verdict(names())).isEmpty();
    assertThat(lists.shutOut()).isEmpty();
  }

  /**
   * One that is brought, and whose certificate was made anew for the same key, still lists them.
   */
  @Test
  void anAuthorityIsKnownByItsKey() throws Exception {
    var again = ISSUER.signAcross(FIRST, SECOND, 1);
    var one = entry("anna", Optional.of(FIRST), END);
    var lists = ListedRevocations.of(List.of(again), List.of(one), AMPLE, name -> true, NOW);
    assertThat(serials(lists, again)).containsExactly(one.serial());
  }

  /** The size that is counted with is never less than what is written. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 20_000})
  void takesNoMoreThanIsCounted(int count) throws Exception {
    var entries = new ArrayList<>(entries(count, "anna", Optional.of(FIRST), END));
    entries.add(entry("bert", Optional.empty(), END));
    var lists = of(entries, Integer.MAX_VALUE, Set.of());
    var pem =
        ClientTrust.of(
                new ClientAuthorities(List.of(FIRST, SECOND), List.of()),
                lists,
                Optional.empty(),
                ISSUER,
                CLOCK)
            .revocationsPem();
    assertThat((long) pem.length)
        .isLessThan(lists.bytes() + 2L * ListedRevocations.LIST_BYTES)
        .isGreaterThan(lists.bytes() - count);
  }

  /**
   * Whatever is revoked of what one Secret of a ledger holds fits beside what else the Secret
   * holds.
   */
  @Test
  void aFullShardsCertificatesFitWhoeverHasSignedThem() throws Exception {
    var entries = new ArrayList<LedgerEntry>();
    var ledgerBytes = 0L;
    for (var i = 0; ledgerBytes < LedgerFile.MAX_BYTES; i++) {
      var name = Integer.toString(i % 10);
      entries.add(entry(name, Optional.of(i % 2 == 0 ? FIRST : SECOND), END));
      ledgerBytes += LedgerEntry.mostBytes(name);
    }
    var lists = of(entries, AMPLE, Set.of());
    assertThat(lists.left()).isEmpty();
    assertThat(lists.room() - lists.bytes()).isGreaterThan(128 * 1024);
  }

  /** More may be revoked of a whole ledger than pods can be told: the rest is refused by name. */
  @Test
  void ofAFullLedgerWhatPodsCannotBeToldShutsItsNamesOut() throws Exception {
    var entries = new ArrayList<LedgerEntry>();
    var most = (long) LedgerFile.MOST_SHARDS * LedgerFile.MAX_BYTES;
    for (var bytes = 0L; bytes < most; bytes += LedgerEntry.mostBytes("device-0000")) {
      entries.add(entry("device-" + entries.size() / 2, Optional.of(FIRST), END));
    }
    var lists =
        ListedRevocations.of(
            List.of(FIRST.certificate()), entries, AMPLE, name -> name.endsWith("7"), NOW);
    assertThat(lists.listed().size() + lists.left().size()).isEqualTo(entries.size());
    assertThat(lists.listed()).hasSizeGreaterThan(21_000);
    assertThat(lists.listed()).noneMatch(entry -> lists.shutOut().contains(entry.username()));
    assertThat(lists.shutOut()).as("whom nobody misses").noneMatch(name -> name.endsWith("7"));
    assertThat(lists.verdict(names()).orElseThrow().message())
        .contains("of 1 certificate authorities", "generation raised, and overlap: 0s");
  }

  @Test
  void whatHasEndedIsLeftOutFirstAndShutsNobodyOut() throws Exception {
    var ended = entries(300, "anna", Optional.of(FIRST), NOW.minus(Duration.ofDays(2)));
    var justEnded = entries(10, "bert", Optional.of(FIRST), NOW.minus(Duration.ofHours(2)));
    var all = new ArrayList<>(ended);
    all.addAll(justEnded);
    assertThat(of(all, AMPLE, Set.of()).listed()).hasSize(310);
    var lists = of(all, 2L * ListedRevocations.LIST_BYTES + 20 * 48, Set.of());
    assertThat(lists.listed()).containsExactlyInAnyOrderElementsOf(justEnded);
    assertThat(lists.shutOut()).isEmpty();
    assertThat(lists.verdict(names())).isEmpty();
  }

  @Test
  void thenNamesAreLeftOutWholeThoseThatNobodyHasFirst() throws Exception {
    var anna = entries(20, "anna", Optional.of(FIRST), END);
    var bert = entries(10, "bert", Optional.of(FIRST), END);
    var gone = entries(5, "gone", Optional.of(FIRST), END);
    var all = new ArrayList<>(anna);
    all.addAll(bert);
    all.addAll(gone);
    var used = Set.of("anna", "bert");
    var base = 2L * ListedRevocations.LIST_BYTES;
    assertThat(of(all, base + 34 * 48, used).shutOut()).containsExactly("gone");
    var lists = of(all, base + 29 * 48, used);
    assertThat(lists.shutOut()).as("nor more than must be").containsExactly("anna");
    assertThat(lists.listed()).hasSize(15).containsAll(bert).containsAll(gone);
    var verdict = lists.verdict(names()).orElseThrow();
    assertThat(verdict.isFalse()).isTrue();
    assertThat(verdict.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(verdict.message())
        .contains("Secret fleet-internal", "1680 bytes", "room for 1392", "20 revoked", "1 users")
        .contains("overlap: 0s");
  }

  /** Nobody can be shut out whose name is not known: then nothing changes. */
  @Test
  void whatNobodyIsKnownToHaveIsNeverLeftOut() throws Exception {
    var told =
        ISSUER.certificateRevocationList(
            FIRST,
            entries(10, "anna", Optional.of(FIRST), END).stream()
                .map(LedgerEntry::listed)
                .toList());
    var lost = CertificateLedger.recovered(told).refused();
    assertThat(of(lost, AMPLE, Set.of()).listed()).hasSize(10);
    var tooSmall = 2L * ListedRevocations.LIST_BYTES + 19 * 48;
    assertThatThrownBy(() -> of(lost, tooSmall, Set.of()))
        .isInstanceOf(DoNotFit.class)
        .hasMessageContaining("960 bytes");
  }

  private static BrokerNames names() {
    return new BrokerNames("factory", "fleet", "cluster.local");
  }
}
