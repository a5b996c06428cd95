package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttoperator.operator.pki.LedgerEntry.State;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LedgerFileTest {

  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  private static final KeyIdentifier ISSUER =
      new KeyIdentifier("00112233445566778899aabbccddeeff00112233");
  private static final KeyIdentifier OTHER =
      new KeyIdentifier("ffeeddccbbaa99887766554433221100ffeeddcc");

  private static LedgerEntry entry(int serial) {
    return new LedgerEntry(
        BigInteger.valueOf(serial),
        "user-of-anna",
        "anna",
        1,
        NOW,
        State.ISSUED,
        NOW,
        false,
        Optional.of(ISSUER));
  }

  private static byte[] zipped(String text) throws Exception {
    var file = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(file)) {
      zip.write(text.getBytes(US_ASCII));
    }
    return file.toByteArray();
  }

  @Test
  void oneAloneIsAsItWasBeforeThereWereSeveral() throws Exception {
    var line = "0a anna uid-1 2 1790000000 revoked 1780000000 session " + ISSUER.hex();
    var file = LedgerFile.parse(0, zipped(line + "\n"));
    assertThat(file.shards()).isEqualTo(1);
    assertThat(file.entries()).singleElement().extracting(LedgerEntry::shard).isEqualTo(0);
    assertThat(LedgerFile.parse(0, file.render())).isEqualTo(file);
    assertThat(file.render()).isEqualTo(zipped(line.substring(1) + "\n"));
  }

  @Test
  void entriesAreOfTheShardTheyAreReadFrom() throws Exception {
    var file = new LedgerFile(1, List.of(entry(1), entry(2)));
    assertThat(LedgerFile.parse(3, file.render()).entries())
        .containsExactly(entry(1).inShard(3), entry(2).inShard(3));
  }

  /** It takes each line for a certificate's: so it refuses what it would forget a part of. */
  @Test
  void anOperatorThatKnowsOfOneAloneCannotReadTheFirstOfSeveral() throws Exception {
    var first = new LedgerFile(3, List.of(entry(1)));
    assertThat(LedgerFile.parse(0, first.render())).isEqualTo(first);
    var text =
        new String(
            new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(first.render()))
                .readAllBytes(),
            US_ASCII);
    assertThat(text.lines().findFirst()).contains("shards 3");
    assertThatThrownBy(() -> LedgerEntry.parse("shards 3"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anythingElseIsRefused() throws Exception {
    var whole = new LedgerFile(2, List.of(entry(1))).render();
    for (var end = 0; end < whole.length - 8; end++) {
      var part = Arrays.copyOf(whole, end);
      assertThatThrownBy(() -> LedgerFile.parse(0, part))
          .isInstanceOf(InvalidCertificateException.class);
    }
    for (var line :
        List.of(
            "",
            "x",
            "shards 1",
            "shards " + (LedgerFile.MOST_SHARDS + 1),
            "shards 2\nshards 2",
            "01 a b 1 1 issued 1 sessions",
            "01 a b 1 1 trusted 1",
            "01 a b 1 1 issued 1 00")) {
      assertThatThrownBy(() -> LedgerFile.parse(0, zipped(line + "\n")))
          .as(line)
          .isInstanceOf(InvalidCertificateException.class);
    }
    assertThatThrownBy(() -> LedgerFile.parse(1, whole))
        .as("only the first one says how many there are")
        .isInstanceOf(InvalidCertificateException.class);
  }

  /** An earlier version did not write whose it is: then it is any authority's. */
  @Test
  void readsWhatAnEarlierVersionWrote() throws Exception {
    var before =
        LedgerFile.parse(0, zipped("0a anna uid-1 2 1790000000 revoked 1780000000 session"));
    var entry = before.entries().getFirst();
    assertThat(entry.issuer()).isEmpty();
    assertThat(entry.hasSession()).isTrue();
    assertThat(entry.mayBeOf(ISSUER) && entry.mayBeOf(OTHER)).isTrue();
    assertThat(LedgerFile.parse(0, before.render())).isEqualTo(before);
    assertThat(entry(1).mayBeOf(OTHER)).isFalse();
  }

  /** The estimate by which no more are issued than a Secret can list. */
  @Test
  void isNeverLargerThanItWasEstimated() {
    var random = new Random(1);
    var entries =
        IntStream.range(0, 20_000)
            .mapToObj(
                i ->
                    new LedgerEntry(
                        new BigInteger(126, random).setBit(126),
                        new BigInteger(50, random).toString(36),
                        new UUID(random.nextLong(), random.nextLong()).toString(),
                        1 + random.nextInt(9),
                        NOW.plusSeconds(random.nextInt(7_776_000)),
                        random.nextBoolean() ? State.ISSUED : State.REVOKED,
                        NOW.plusSeconds(random.nextInt(7_776_000)),
                        random.nextBoolean(),
                        Optional.of(random.nextBoolean() ? ISSUER : OTHER)))
            .toList();
    var most = CertificateLedger.EMPTY.with(entries).mostBytes().get(0);
    assertThat(most).isNotNull().isLessThan(70 * 20_000);
    assertThat((long) new LedgerFile(1, entries).render().length).isLessThan(most);
  }
}
