package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A complete set of a broker's files, named by the SHA-256 of its manifest.
 *
 * <p>Two revisions are equal if their names are.
 */
public final class Revision {
  /** Such a name means nothing to a shell or to sha256sum, and is a key of a Secret. */
  private static final Pattern FILE_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

  private final String hex;
  private final byte[] manifest;
  private final SortedMap<String, byte[]> files;
  private final Map<String, String> digests;

  private Revision(
      String hex, byte[] manifest, SortedMap<String, byte[]> files, Map<String, String> digests) {
    this.hex = hex;
    this.manifest = manifest;
    this.files = files;
    this.digests = digests;
  }

  /**
   * Names a set of files.
   *
   * @param files contents by name; the arrays are not to be changed afterwards
   * @throws IllegalArgumentException for a file name that is not {@code a-z 0-9 . -}, or is that of
   *     the manifest or of the revision itself
   */
  public static Revision of(SortedMap<String, byte[]> files) {
    return of(files, null);
  }

  /**
   * The same, with what is known of another.
   *
   * @param before whose files, where they are the same arrays, have the same digest
   */
  public static Revision of(SortedMap<String, byte[]> files, @Nullable Revision before) {
    SortedMap<String, byte[]> sorted = Sorted.copyOf(files);
    var manifest = new StringBuilder();
    var digests = new HashMap<String, String>();
    for (Map.Entry<String, byte[]> file : sorted.entrySet()) {
      String name = file.getKey();
      if (!FILE_NAME.matcher(name).matches()
          || name.equals(RevisionFiles.MANIFEST)
          || name.equals(RevisionFiles.REVISION)) {
        throw new IllegalArgumentException("A revision cannot hold a file of the name " + name);
      }
      String digest = before == null ? null : before.digestOf(name, file.getValue());
      digests.put(name, digest == null ? sha256(file.getValue()) : digest);
      manifest.append(digests.get(name)).append("  ").append(name).append('\n');
    }
    byte[] content = manifest.toString().getBytes(StandardCharsets.UTF_8);
    return new Revision(sha256(content), content, sorted, digests);
  }

  @SuppressWarnings("ReferenceEquality") // nobody changes an array that was given
  private @Nullable String digestOf(String name, byte[] content) {
    return files.get(name) == content ? digests.get(name) : null;
  }

  /** The SHA-256 of the manifest: 64 lower-case hex digits. */
  public String hex() {
    return hex;
  }

  /** The file {@code manifest}, in the format of {@code sha256sum}. */
  public byte[] manifest() {
    return manifest.clone();
  }

  /** All that the manifest lists. The arrays are not to be changed. */
  public SortedMap<String, byte[]> files() {
    return files;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Revision revision && hex.equals(revision.hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public String toString() {
    return "Revision[" + hex + "]";
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
