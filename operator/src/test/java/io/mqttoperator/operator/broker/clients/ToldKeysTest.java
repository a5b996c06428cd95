package io.mqttoperator.operator.broker.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.operator.mosquitto.PreSharedKey;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose key pods have been told of, and is not wanted any more. */
class ToldKeysTest {

  private static final String FIRST = "00112233445566778899aabbccddeeff";
  private static final String SECOND = "ffeeddccbbaa99887766554433221100";
  private static final Username ANNA = new Username("anna");
  private static final Username BERT = new Username("bert");

  private final ToldKeys told = new ToldKeys();

  private static PreSharedKey key(String hex) {
    return PreSharedKey.parse(hex.getBytes(US_ASCII));
  }

  private static Secret shard(int index, String keys) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName("fleet-files-" + index)
        .endMetadata()
        .addToData("psk-" + index, Base64.getEncoder().encodeToString(keys.getBytes(US_ASCII)))
        .build();
  }

  @Test
  void aKeyThatIsAnotherOrNoneIsTaken() {
    var shards = List.of(shard(0, "anna:" + FIRST + "\n"), shard(1, "bert:" + FIRST + "\n"));
    var both = Map.of(ANNA, key(FIRST), BERT, key(FIRST));
    assertThat(told.taken(shards, both)).isEmpty();
    assertThat(told.taken(shards, Map.of(ANNA, key(FIRST)))).containsExactly(BERT);
    assertThat(told.taken(shards, Map.of(ANNA, key(SECOND), BERT, key(FIRST))))
        .containsExactly(ANNA);
    assertThat(told.taken(shards, Map.of())).containsExactly(ANNA, BERT);
    assertThat(told.taken(List.of(), Map.of())).isEmpty();
  }

  /** What this operator wrote a moment ago, and no cache has yet. */
  @Test
  void aKeyThatWasWrittenJustNowIsToldToo() {
    var stale = List.of(shard(0, ""));
    told.write(Map.of(ANNA, key(FIRST)));
    assertThat(told.taken(stale, Map.of(ANNA, key(FIRST)))).isEmpty();
    assertThat(told.taken(stale, Map.of(ANNA, key(SECOND)))).containsExactly(ANNA);
    assertThat(told.taken(stale, Map.of())).containsExactly(ANNA);
    told.write(Map.of());
    assertThat(told.taken(stale, Map.of())).isEmpty();
  }

  @Test
  void aShardThatIsChangedIsReadAgain() {
    assertThat(told.taken(List.of(shard(0, "anna:" + FIRST + "\n")), Map.of()))
        .containsExactly(ANNA);
    assertThat(told.taken(List.of(shard(0, "bert:" + FIRST + "\n")), Map.of()))
        .containsExactly(BERT);
  }

  /** No pod takes it. */
  @Test
  void aDamagedShardSaysNothing() {
    assertThat(told.taken(List.of(shard(0, "anna:" + FIRST)), Map.of())).isEmpty();
    assertThat(told).hasToString("ToldKeys[0]");
  }
}
