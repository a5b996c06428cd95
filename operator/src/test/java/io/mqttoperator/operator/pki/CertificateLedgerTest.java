package io.mqttoperator.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.pki.CertificateLedger.Entitlement;
import io.mqttoperator.operator.pki.LedgerEntry.State;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CertificateLedgerTest {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final KeyIdentifier ISSUER =
      new KeyIdentifier("00112233445566778899aabbccddeeff00112233");
  private static final Instant LATER = NOW.plusSeconds(60);

  private static LedgerEntry entry(int serial, String holder, int generation) {
    return new LedgerEntry(
        BigInteger.valueOf(serial),
        "user-of-" + holder,
        holder,
        generation,
        NOW.plus(Duration.ofDays(90)),
        State.ISSUED,
        NOW,
        false,
        Optional.of(ISSUER));
  }

  private static CertificateLedger ledger(LedgerEntry... entries) {
    return CertificateLedger.EMPTY.with(List.of(entries));
  }

  private static CertificateLedger settled(
      CertificateLedger ledger, Map<String, Entitlement> entitlements) {
    return ledger.settled(holder -> Optional.ofNullable(entitlements.get(holder)), LATER);
  }

  private static Entitlement all(int generation) {
    return new Entitlement(generation, Optional.empty(), true);
  }

  private static State state(CertificateLedger ledger, int serial) {
    return ledger.find(BigInteger.valueOf(serial)).orElseThrow().state();
  }

  @Test
  void whoIsGoneIsRevokedAndARenewalRevokesNothing() {
    var before = ledger(entry(1, "anna", 1), entry(2, "anna", 1), entry(3, "bert", 1));
    var after = settled(before, Map.of("anna", all(1)));
    assertThat(state(after, 1)).isEqualTo(State.ISSUED);
    assertThat(state(after, 2)).isEqualTo(State.ISSUED);
    assertThat(state(after, 3)).isEqualTo(State.REVOKED);
    assertThat(after.revoked())
        .containsExactly(new RevokedCertificate(BigInteger.valueOf(3), LATER));
    assertThat(after.usernamesWithSessions()).containsExactly("user-of-bert");
  }

  @Test
  void aHigherGenerationRevokesLowerOnesAndALowerOneNothing() {
    var before = ledger(entry(1, "anna", 1), entry(2, "anna", 2));
    assertThat(state(settled(before, Map.of("anna", all(2))), 1)).isEqualTo(State.REVOKED);
    assertThat(state(settled(before, Map.of("anna", all(2))), 2)).isEqualTo(State.ISSUED);
    assertThat(settled(before, Map.of("anna", all(1)))).isEqualTo(before);
  }

  @Test
  void whatReplacesALostOneRevokesTheOthers() {
    var before = ledger(entry(1, "anna", 1), entry(2, "anna", 1));
    var only = new Entitlement(1, Optional.of(BigInteger.TWO), true);
    var after = settled(before, Map.of("anna", only));
    assertThat(state(after, 1)).isEqualTo(State.REVOKED);
    assertThat(state(after, 2)).isEqualTo(State.ISSUED);
  }

  @Test
  void whoIsRefusedForAWhileIsHeldForAWhile() {
    var before = ledger(entry(1, "anna", 1));
    var held = settled(before, Map.of("anna", new Entitlement(0, Optional.empty(), false)));
    assertThat(state(held, 1)).isEqualTo(State.HELD);
    assertThat(held.revoked()).hasSize(1);
    assertThat(held.usernamesWithSessions()).containsExactly("user-of-anna");
    var ended = held.withoutSessions(Set.of("user-of-anna"));
    assertThat(ended.usernamesWithSessions()).isEmpty();
    assertThat(settled(ended, Map.of("anna", new Entitlement(0, Optional.empty(), false))))
        .isEqualTo(ended);
    var again = settled(ended, Map.of("anna", all(1)));
    assertThat(state(again, 1)).isEqualTo(State.ISSUED);
    assertThat(again.revoked()).isEmpty();
    // Of one who is then gone, its sessions were over, and may have been opened again since.
    assertThat(settled(again, Map.of()).usernamesWithSessions()).hasSize(1);
    assertThat(settled(held.withoutSessions(Set.of("user-of-anna")), Map.of()).revoked())
        .hasSize(1);
  }

  @Test
  void whatHasEndedIsForgottenOnceNobodyCouldUseIt() {
    var before = ledger(entry(1, "anna", 1));
    var end = NOW.plus(Duration.ofDays(90));
    assertThat(before.withoutEnded(end, shard -> true)).isSameAs(before);
    assertThat(before.withoutEnded(end.plusSeconds(1), shard -> true).entries()).isEmpty();
    assertThat(before.withoutEnded(end.plusSeconds(1), shard -> shard > 0)).isSameAs(before);
  }

  /** Whatever comes in between, revoked is for ever. */
  @Property
  void nothingThatWasRevokedEverCountsAgain(
      @ForAll("ledgers") CertificateLedger ledger,
      @ForAll("entitlements") List<Map<String, Entitlement>> passes) {
    var revoked = new HashSet<BigInteger>();
    var current = ledger;
    for (var pass : passes) {
      current = settled(current, pass);
      var now = current;
      assertThat(revoked)
          .allMatch(serial -> now.find(serial).orElseThrow().state() == State.REVOKED);
      assertThat(now.entries().values())
          .allSatisfy(
              entry -> {
                var entitled = Optional.ofNullable(pass.get(entry.holder()));
                if (entry.state() == State.ISSUED) {
                  assertThat(entitled).isPresent();
                  assertThat(entry.generation())
                      .isGreaterThanOrEqualTo(entitled.orElseThrow().generation());
                  assertThat(entitled.get().mayConnect()).isTrue();
                }
              });
      now.entries().values().stream()
          .filter(entry -> entry.state() == State.REVOKED)
          .forEach(entry -> revoked.add(entry.serial()));
      // The same again changes nothing: a steady state writes nothing.
      assertThat(settled(now, pass)).isEqualTo(now);
    }
  }

  @Property
  void isReadBackAsItWasWritten(@ForAll("ledgers") CertificateLedger ledger) throws Exception {
    var file = new LedgerFile(1, ledger.shard(0));
    var read = new LedgerFiles(new TreeMap<>(Map.of(0, LedgerFile.parse(0, file.render()))));
    assertThat(read.join()).isEqualTo(ledger);
  }

  @Provide
  Arbitrary<CertificateLedger> ledgers() {
    var entry =
        Combinators.combine(
                Arbitraries.bigIntegers().between(BigInteger.ONE, BigInteger.TWO.pow(127)),
                Arbitraries.of("anna", "bert", "carl"),
                Arbitraries.integers().between(0, 3),
                Arbitraries.of(State.class),
                Arbitraries.of(true, false),
                Arbitraries.of(Optional.<KeyIdentifier>empty(), Optional.of(ISSUER)))
            .as(
                (serial, holder, generation, state, session, issuer) ->
                    new LedgerEntry(
                        serial,
                        "Name@" + holder,
                        holder,
                        generation,
                        NOW,
                        state,
                        NOW,
                        session,
                        issuer));
    return entry.list().ofMaxSize(8).map(CertificateLedger.EMPTY::with);
  }

  @Provide
  Arbitrary<List<Map<String, Entitlement>>> entitlements() {
    var entitlement =
        Combinators.combine(Arbitraries.integers().between(0, 3), Arbitraries.of(true, false))
            .as((generation, may) -> new Entitlement(generation, Optional.empty(), may));
    return Arbitraries.maps(Arbitraries.of("anna", "bert", "carl"), entitlement)
        .ofMaxSize(3)
        .list()
        .ofMaxSize(6);
  }

  @Test
  void whatPodsWereToldIsLeftOfALostOne() {
    var issuer = Samples.issuer(Samples.NOW);
    var authority = issuer.createAuthority(Samples.authority(KeyAlgorithm.ECDSA_P256));
    var told =
        issuer.certificateRevocationList(
            authority, List.of(RevokedCertificate.of("0a1b", Samples.NOW)));
    var left = CertificateLedger.recovered(told);
    assertThat(left.revoked())
        .extracting(RevokedCertificate::serial)
        .containsExactly(new BigInteger("0a1b", 16));
    assertThat(settled(left, new HashMap<>())).isEqualTo(left);
  }
}
