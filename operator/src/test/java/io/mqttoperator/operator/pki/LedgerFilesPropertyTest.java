package io.mqttoperator.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.pki.LedgerEntry.State;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Passes that are cut off between any two writes, and an operator of before that comes back at any
 * moment: nothing that was revoked counts, and nothing that was handed out is forgotten.
 */
class LedgerFilesPropertyTest {

  private static final Instant END = Instant.parse("2026-05-06T07:08:09Z");

  /** What a pass does to one certificate. */
  private record Change(int serial, int shard, boolean revokes) {}

  /**
   * A pass.
   *
   * @param writes that are done before it is cut off
   */
  private record Pass(List<Change> changes, int writes) {}

  private static LedgerEntry entry(int serial, int shard, State state) {
    return new LedgerEntry(
            BigInteger.valueOf(serial), "anna", "uid", 1, END, state, END, false, Optional.empty())
        .inShard(shard);
  }

  private static CertificateLedger after(CertificateLedger before, List<Change> changes) {
    var next = before;
    for (var change : changes) {
      var known = next.find(BigInteger.valueOf(change.serial()));
      if (known.isEmpty()) {
        next = next.with(List.of(entry(change.serial(), change.shard(), State.ISSUED)));
      } else if (change.revokes()) {
        next = next.with(List.of(known.get().refused(State.REVOKED, END)));
      }
    }
    return next;
  }

  /** What an operator that knows of the first one alone finds; empty: it refuses. */
  private static Optional<CertificateLedger> asBefore(LedgerFiles files) {
    var first = files.byShard().get(0);
    if (first == null) {
      return Optional.of(CertificateLedger.EMPTY);
    }
    return first.shards() > 1
        ? Optional.empty()
        : Optional.of(CertificateLedger.EMPTY.with(first.entries()));
  }

  @Property
  void nothingIsForgottenWhereverAPassIsCutOff(@ForAll("passes") List<Pass> passes) {
    var files = LedgerFiles.NONE;
    Map<BigInteger, State> done = new HashMap<>();
    for (var pass : passes) {
      var before = files.join();
      var next = after(before, pass.changes());
      var writes = files.writes(next, before, Set.of());
      for (var write : writes.stream().limit(pass.writes()).toList()) {
        files = files.with(write);
        assertThat(files.missing()).isEmpty();
      }
      var stored = files.join();
      if (pass.writes() >= writes.size()) {
        assertThat(stored).isEqualTo(next);
        assertThat(files.writes(next, stored, Set.of())).as("nothing is left to do").isEmpty();
        // From here on it is handed out, and pods are told.
        next.entries().forEach((serial, entry) -> done.put(serial, entry.state()));
      }
      var old = asBefore(files);
      done.forEach(
          (serial, state) -> {
            assertThat(stored.find(serial)).isPresent();
            assertThat(stored.find(serial).orElseThrow().state()).isGreaterThanOrEqualTo(state);
            old.ifPresent(
                ledger ->
                    assertThat(ledger.find(serial).orElseThrow().state())
                        .isGreaterThanOrEqualTo(state));
          });
    }
  }

  /** Each Secret but those of one alone: who looks finds that it is gone. */
  @Property
  void oneThatIsMissingIsMissed(@ForAll("passes") List<Pass> passes) {
    var files = LedgerFiles.NONE;
    for (var pass : passes) {
      var before = files.join();
      for (var write : files.writes(after(before, pass.changes()), before, Set.of())) {
        files = files.with(write);
      }
    }
    if (files.byShard().size() > 1) {
      for (var shard : files.byShard().keySet()) {
        var left = new java.util.TreeMap<>(files.byShard());
        left.remove(shard);
        assertThat(new LedgerFiles(left).missing()).containsExactly(shard);
      }
    }
  }

  @Property
  void aChangeInOneShardWritesOne(@ForAll("passes") List<Pass> passes) {
    var files = LedgerFiles.NONE;
    for (var pass : passes) {
      var before = files.join();
      for (var write : files.writes(after(before, pass.changes()), before, Set.of())) {
        files = files.with(write);
      }
    }
    var ledger = files.join();
    for (var entry : ledger.entries().values()) {
      if (entry.state() == State.ISSUED) {
        var next = ledger.with(List.of(entry.refused(State.REVOKED, END)));
        assertThat(files.writes(next, ledger, Set.of()))
            .extracting(LedgerFiles.Write::shard)
            .containsExactly(entry.shard());
      }
    }
  }

  @Provide
  Arbitrary<List<Pass>> passes() {
    var change =
        Combinators.combine(
                Arbitraries.integers().between(1, 12),
                Arbitraries.integers().between(0, LedgerFile.MOST_SHARDS - 1),
                Arbitraries.of(true, false))
            .as(Change::new);
    return Combinators.combine(change.list().ofMaxSize(5), Arbitraries.integers().between(0, 8))
        .as(Pass::new)
        .list()
        .ofMaxSize(12);
  }
}
