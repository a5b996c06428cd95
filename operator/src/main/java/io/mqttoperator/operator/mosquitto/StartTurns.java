package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which pods go on with an earlier configuration until it is their turn to start with the newest.
 *
 * <p>Stored below the revision, in the same file: so a pod reads both at once, and a turn that
 * comes makes no other revision, which every pod would have to load.
 *
 * @param waiting what a pod starts with, by its ordinal, 0 or more; one that is not among them
 *     starts with the newest
 */
public record StartTurns(SortedMap<Integer, StartDigest> waiting) {
  /** Every pod starts with the newest. */
  public static final StartTurns NONE = new StartTurns(Collections.emptySortedMap());

  private static final Pattern LINE = Pattern.compile("(0|[1-9][0-9]{0,3}) ([0-9a-f]{32})");

  public StartTurns {
    waiting = Collections.unmodifiableSortedMap(new TreeMap<>(waiting));
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  public boolean waits(int ordinal) {
    return waiting.containsKey(ordinal);
  }

  /** The last one that waits is the next: leaves come before the hub. -1 if none waits. */
  public int next() {
    return waiting.isEmpty() ? -1 : waiting.lastKey();
  }

  /** The turn of one of them has come. */
  public StartTurns without(int ordinal) {
    var others = new TreeMap<>(waiting);
    others.remove(ordinal);
    return new StartTurns(others);
  }

  /**
   * The file {@code revision}: what the files are called, and who waits.
   *
   * @param revision whose files hold all that the pods wait with
   */
  public byte[] render(Revision revision) {
    var lines = new ArrayList<String>();
    lines.add(revision.hex());
    waiting.forEach((ordinal, digest) -> lines.add(ordinal + " " + digest.hex()));
    return TextFile.render(lines);
  }

  /** Who waits by a stored file; a line of another form tells of nobody. */
  public static StartTurns parse(byte[] revisionFile) {
    var waiting = new TreeMap<Integer, StartDigest>();
    for (String line : lines(revisionFile).stream().skip(1).toList()) {
      var matcher = LINE.matcher(line);
      if (matcher.matches()) {
        waiting.put(Integer.valueOf(matcher.group(1)), new StartDigest(matcher.group(2)));
      }
    }
    return new StartTurns(waiting);
  }

  /** The revision that a stored file names; empty if it names none. */
  public static String revision(byte[] revisionFile) {
    return lines(revisionFile).stream().findFirst().orElse("").strip();
  }

  private static List<String> lines(byte[] file) {
    return new String(file, StandardCharsets.US_ASCII).lines().toList();
  }
}
