package io.mqttoperator.operator.mosquitto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PackedEntriesTest {

  @Property
  void areTheEntriesThatWerePacked(@ForAll("entries") List<AclEntry> entries) {
    var merged = AclEntry.merged(entries);
    assertThat(new ArrayList<>(merged)).isEqualTo(merged).hasSize(merged.size());
    assertThat(merged.hashCode()).isEqualTo(new ArrayList<>(merged).hashCode());
    assertThat(merged).isEqualTo(AclEntry.merged(new ArrayList<>(entries).reversed()));
    for (int i = 0; i < merged.size(); i++) {
      assertThat(entries).extracting(AclEntry::filter).contains(merged.get(i).filter());
    }
    assertThat(AclEntry.merged(merged)).isSameAs(merged);
  }

  @Property
  void othersAreNotEqual(
      @ForAll("entries") List<AclEntry> one, @ForAll("entries") List<AclEntry> other) {
    var first = new ArrayList<>(AclEntry.merged(one));
    var second = new ArrayList<>(AclEntry.merged(other));
    assertThat(AclEntry.merged(one).equals(AclEntry.merged(other))).isEqualTo(first.equals(second));
  }

  @Provide
  Arbitrary<List<AclEntry>> entries() {
    return Samples.entries().list().ofMaxSize(6);
  }
}
