package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block of a PEM file (RFC 7468): a label such as {@code CERTIFICATE}, and DER bytes, which may
 * be a private key. Text between blocks is passed over, as RFC 7468 section 2 and OpenSSL do;
 * nothing of it is ever written again.
 */
final class PemBlock {
  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----[ \\t]*");
  private static final Base64.Encoder ENCODER = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final String label;
  private final byte[] content;

  PemBlock(String label, byte[] content) {
    this.label = label;
    this.content = content.clone();
  }

  String label() {
    return label;
  }

  byte[] content() {
    return content.clone();
  }

  /** The file with this block alone; its lines hold 64 characters and end in LF. */
  byte[] pem() {
    return ("-----BEGIN "
            + label
            + "-----\n"
            + ENCODER.encodeToString(content)
            + "\n-----END "
            + label
            + "-----\n")
        .getBytes(US_ASCII);
  }

  /**
   * The blocks of a PEM file in their order, at least one.
   *
   * @param what names the file in messages, as in "the certificate"
   * @param limit the most bytes that the file may have
   */
  static List<PemBlock> parse(String what, byte[] file, int limit)
      throws InvalidCertificateException {
    requirePem(what, file, limit);
    List<PemBlock> blocks = new ArrayList<>();
    String label = "";
    StringBuilder body = new StringBuilder();
    for (String line : new String(file, ISO_8859_1).split("\r?\n", -1)) {
      Matcher begin = BEGIN.matcher(line);
      if (begin.matches()) {
        if (!label.isEmpty()) {
          throw new InvalidCertificateException(
              what + ": a block begins before the last one ended");
        }
        label = begin.group(1);
        body.setLength(0);
      } else if (!label.isEmpty() && line.strip().equals("-----END " + label + "-----")) {
        blocks.add(new PemBlock(label, decode(what, label, body.toString())));
        label = "";
      } else if (!label.isEmpty()) {
        body.append(line.strip()).append('\n');
      }
    }
    if (!label.isEmpty()) {
      throw new InvalidCertificateException(
          what + ": the " + label + " block has no end: is the file cut off?");
    }
    if (blocks.isEmpty()) {
      throw new InvalidCertificateException(what + " holds no PEM block (-----BEGIN …-----)");
    }
    return List.copyOf(blocks);
  }

  private static void requirePem(String what, byte[] file, int limit)
      throws InvalidCertificateException {
    if (file.length == 0) {
      throw new InvalidCertificateException(what + " is empty");
    }
    if (file.length > limit) {
      throw new InvalidCertificateException(
          what + " has " + file.length + " bytes: at most " + limit + " are read");
    }
    if (file[0] == 0x30) {
      throw new InvalidCertificateException(
          what + " is DER (or PKCS#12): convert it to PEM, the form that begins with -----BEGIN");
    }
    boolean utf8 =
        file.length > 2
            && file[0] == (byte) 0xEF
            && file[1] == (byte) 0xBB
            && file[2] == (byte) 0xBF;
    boolean utf16 = file.length > 1 && (file[0] & file[1] & 0xFE) == 0xFE && file[0] != file[1];
    if (utf8 || utf16) {
      throw new InvalidCertificateException(
          what + " begins with a byte order mark: save it as plain ASCII text without one");
    }
  }

  private static byte[] decode(String what, String label, String body)
      throws InvalidCertificateException {
    if (body.contains("Proc-Type:") || body.contains("DEK-Info:")) {
      throw new InvalidCertificateException(what + " is encrypted: give it without a passphrase");
    }
    try {
      return Base64.getDecoder().decode(body.replace("\n", ""));
    } catch (IllegalArgumentException e) {
      throw new InvalidCertificateException(what + ": the " + label + " block is not base64");
    }
  }

  @Override
  public String toString() {
    return "PemBlock[" + label + ", " + content.length + " bytes]";
  }
}
