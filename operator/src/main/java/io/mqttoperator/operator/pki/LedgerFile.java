package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What one Secret of a {@link CertificateLedger} holds: a line for each certificate, compressed.
 * Where there are several Secrets, the first one's first line says how many: so none of them goes
 * missing unnoticed, and an operator that knows of one alone cannot read it, and refuses the broker
 * rather than to forget what the others say.
 *
 * @param shards how many Secrets are known to be there: 1 to {@link #MOST_SHARDS}
 */
public record LedgerFile(int shards, List<LedgerEntry> entries) {

  /** Room for 20,000 holders of two certificates each, whatever their names. */
  public static final int MOST_SHARDS = 5;

  /** The most bytes that are stored: what a Secret holds, and some room for its other parts. */
  public static final int MAX_BYTES = 1000 * 1024;

  /** Of what is read: 100 bytes for each of more entries than there can be. */
  private static final int MAX_TEXT_BYTES = 16 * 1024 * 1024;

  private static final Pattern HEAD = Pattern.compile("shards ([2-" + MOST_SHARDS + "])");

  private static final String WHAT = "the list of issued certificates";

  public LedgerFile {
    entries = List.copyOf(entries);
  }

  /** A line for each, compressed: random numbers in hexadecimal take half of it. */
  public byte[] render() {
    var file = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(file)) {
      if (shards > 1) {
        zip.write("shards %d\n".formatted(shards).getBytes(US_ASCII));
      }
      for (var entry : entries) {
        zip.write((entry.line() + "\n").getBytes(US_ASCII));
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return file.toByteArray();
  }

  /**
   * Reads it back.
   *
   * @param shard which of the Secrets it is from
   * @throws InvalidCertificateException if it is not what {@link #render} writes
   */
  public static LedgerFile parse(int shard, byte[] file) throws InvalidCertificateException {
    try (var zip = new GZIPInputStream(new ByteArrayInputStream(file))) {
      byte[] text = zip.readNBytes(MAX_TEXT_BYTES + 1);
      if (text.length > MAX_TEXT_BYTES) {
        throw new InvalidCertificateException(
            WHAT + ": at most " + MAX_TEXT_BYTES + " bytes are read");
      }
      return parse(shard, new String(text, US_ASCII).lines().toList());
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidCertificateException(WHAT + " is not as it was written");
    }
  }

  private static LedgerFile parse(int shard, List<String> lines) {
    var shards = shard == 0 && !lines.isEmpty() ? shards(lines.getFirst()) : 1;
    var entries = new ArrayList<LedgerEntry>();
    for (var line : shards > 1 ? lines.subList(1, lines.size()) : lines) {
      entries.add(LedgerEntry.parse(line).inShard(shard));
    }
    return new LedgerFile(shards, entries);
  }

  /** As a first line says; 1 if it is a certificate's. */
  private static int shards(String line) {
    var head = HEAD.matcher(line);
    return head.matches() ? Integer.parseInt(head.group(1)) : 1;
  }

  @Override
  public String toString() {
    return "LedgerFile[" + entries.size() + " entries, " + shards + " shards]";
  }
}
