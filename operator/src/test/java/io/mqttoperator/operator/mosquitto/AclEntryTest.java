package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Right.DENY;
import static io.mqttoperator.operator.mosquitto.Right.READ;
import static io.mqttoperator.operator.mosquitto.Right.READWRITE;
import static io.mqttoperator.operator.mosquitto.Right.WRITE;
import static io.mqttoperator.operator.mosquitto.Samples.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AclEntryTest {
  @Test
  void readingAndWritingOneFilterIsOneLine() {
    assertThat(AclEntry.merged(List.of(entry(WRITE, "a"), entry(READ, "a"), entry(READ, "a"))))
        .containsExactly(entry(READWRITE, "a"));
  }

  @Test
  void denyWinsAndComesFirst() {
    assertThat(AclEntry.merged(List.of(entry(READ, "a"), entry(READWRITE, "z"), entry(DENY, "z"))))
        .containsExactly(entry(DENY, "z"), entry(READ, "a"));
  }

  @Test
  void systemTopicsAreNeverWritten() {
    assertThat(entry(READ, "$SYS/#").line()).isEqualTo("topic read $SYS/#");
    assertThat(entry(DENY, "$SYS/broker/clients/#").right()).isEqualTo(DENY);
    assertThatIllegalArgumentException().isThrownBy(() -> entry(WRITE, "$SYS/#"));
    assertThatIllegalArgumentException().isThrownBy(() -> entry(READWRITE, "$SYS"));
  }

  @Property
  void orderAndRepetitionMakeNoDifference(
      @ForAll("entryLists") List<AclEntry> entries, @ForAll Random random) {
    var shuffled = new ArrayList<>(entries);
    shuffled.addAll(entries);
    Collections.shuffle(shuffled, random);
    List<AclEntry> merged = AclEntry.merged(entries);
    assertThat(AclEntry.merged(shuffled)).isEqualTo(merged);
    assertThat(AclEntry.merged(merged)).isEqualTo(merged);
    assertThat(merged.stream().map(AclEntry::filter)).doesNotHaveDuplicates();
  }

  @Provide
  Arbitrary<List<AclEntry>> entryLists() {
    return Samples.entries().list().ofMaxSize(8);
  }
}
