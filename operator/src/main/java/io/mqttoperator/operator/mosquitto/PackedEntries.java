package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Entries as the text of their lines, a quarter of what they take as objects: a broker's users have
 * them by the hundred thousand, and they are read only when something of theirs changes.
 */
final class PackedEntries extends AbstractList<AclEntry> {

  private static final String END = "\n";

  private final byte[] lines;
  private final int size;

  private PackedEntries(byte[] lines, int size) {
    this.lines = lines;
    this.size = size;
  }

  /** No filter holds a line's end: none holds a control character. */
  static List<AclEntry> of(List<AclEntry> entries) {
    if (entries.isEmpty()) {
      return List.of();
    }
    var text = entries.stream().map(AclEntry::line).collect(Collectors.joining(END));
    return new PackedEntries(text.getBytes(StandardCharsets.UTF_8), entries.size());
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public AclEntry get(int index) {
    return unpacked().get(index);
  }

  @Override
  public Iterator<AclEntry> iterator() {
    return unpacked().iterator();
  }

  private List<AclEntry> unpacked() {
    return new String(lines, StandardCharsets.UTF_8).lines().map(AclFile::entry).toList();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PackedEntries packed
        ? Arrays.equals(lines, packed.lines)
        : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
