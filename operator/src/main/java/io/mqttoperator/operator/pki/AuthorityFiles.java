package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A broker's own authorities as its Secret holds them: the one that issues where everybody looks
 * for it, the others beside it, and a text file that says which is which. One that has had no
 * other, and was made for generation 1, stands alone.
 */
public final class AuthorityFiles {

  /**
   * A line for each authority: its file, its number, its generation; of a former one since when it
   * waits, or a hyphen, and when it issued last.
   */
  private static final String LIST = "authorities";

  private static final String ISSUING = "tls";
  private static final String NEXT = "next";
  private static final String FORMER = "former-";
  private static final String PATH = "path.crt";
  private static final String HIGHEST = "highest";

  private static final Pattern LINE =
      Pattern.compile(
          "(tls|next|former-[1-9][0-9]{0,8}) ([1-9][0-9]{0,8}) ([1-9][0-9]{0,9})"
              + "(?: (?:-|([0-9TZ:-]{20})))?(?: ([0-9TZ:-]{20}))?");

  private static final Pattern LAST = Pattern.compile(HIGHEST + " ([1-9][0-9]{0,8})");

  private AuthorityFiles() {}

  /** What is stored of them. */
  public static Map<String, byte[]> of(Authorities authorities) {
    var files = new TreeMap<String, byte[]>();
    var list = new StringBuilder();
    add(files, list, ISSUING, authorities.issuing(), "");
    authorities.next().ifPresent(next -> add(files, list, NEXT, next, ""));
    for (var former : authorities.formers()) {
      add(files, list, FORMER + former.authority().number(), former.authority(), times(former));
    }
    if (!authorities.path().isEmpty()) {
      files.put(PATH, new TrustBundle(authorities.path()).pem());
    }
    list.append(HIGHEST).append(' ').append(authorities.highest()).append('\n');
    var isFirst = authorities.highest() == 1 && authorities.issuing().asked() == 1;
    if (!isFirst) {
      files.put(LIST, list.toString().getBytes(US_ASCII));
    }
    return files;
  }

  private static String times(FormerAuthority former) {
    var since = former.since().map(AuthorityFiles::seconds);
    var left = former.left().map(AuthorityFiles::seconds);
    return left.map(time -> " " + since.orElse("-") + " " + time)
        .orElseGet(() -> since.map(time -> " " + time).orElse(""));
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static void add(
      Map<String, byte[]> files,
      StringBuilder list,
      String file,
      AuthorityGeneration authority,
      String since) {
    files.put(file + ".crt", authority.pair().certificatePem());
    files.put(file + ".key", authority.pair().keyPem());
    list.append(file)
        .append(' ')
        .append(authority.number())
        .append(' ')
        .append(authority.asked())
        .append(since)
        .append('\n');
  }

  /**
   * Reads them back.
   *
   * @param stored the bytes under a key
   * @throws InvalidCertificateException if they cannot be used; the message begins with the key
   */
  public static Authorities read(Function<String, Optional<byte[]>> stored)
      throws InvalidCertificateException {
    var list = stored.apply(LIST);
    if (list.isEmpty()) {
      var only = new AuthorityGeneration(1, 1, pair(stored, ISSUING));
      return new Authorities(1, only, Optional.empty(), List.of(), List.of());
    }
    Optional<AuthorityGeneration> issuing = Optional.empty();
    Optional<AuthorityGeneration> next = Optional.empty();
    var formers = new ArrayList<FormerAuthority>();
    var highest = 0;
    for (var text : new String(list.get(), US_ASCII).lines().toList()) {
      var last = LAST.matcher(text);
      if (last.matches()) {
        highest = Integer.parseInt(last.group(1));
        continue;
      }
      var line = LINE.matcher(text);
      if (!line.matches()) {
        throw damaged();
      }
      var file = line.group(1);
      var authority =
          new AuthorityGeneration(
              Integer.parseInt(line.group(2)), generation(line.group(3)), pair(stored, file));
      switch (file) {
        case ISSUING -> issuing = Optional.of(authority);
        case NEXT -> next = Optional.of(authority);
        default ->
            formers.add(new FormerAuthority(authority, time(line.group(5)), time(line.group(4))));
      }
    }
    if (issuing.isEmpty() || highest == 0) {
      throw damaged();
    }
    var path = path(stored);
    if (path.size() != formers.size()) {
      throw new InvalidCertificateException(
          "%s: it has %d certificates, and there are %d former authorities"
              .formatted(PATH, path.size(), formers.size()));
    }
    return new Authorities(highest, issuing.get(), next, formers, path);
  }

  private static List<X509Certificate> path(Function<String, Optional<byte[]>> stored)
      throws InvalidCertificateException {
    var pem = stored.apply(PATH);
    try {
      return pem.isPresent() ? TrustBundle.parse(pem.get()).certificates() : List.of();
    } catch (InvalidCertificateException unreadable) {
      throw new InvalidCertificateException(PATH + ": " + unreadable.problem());
    }
  }

  private static KeyAndCertificate pair(Function<String, Optional<byte[]>> stored, String file)
      throws InvalidCertificateException {
    var certificate = stored.apply(file + ".crt");
    if (certificate.isEmpty()) {
      throw new InvalidCertificateException("it has no " + file + ".crt");
    }
    try {
      var pair =
          KeyAndCertificate.parse(
              certificate.get(), stored.apply(file + ".key").orElseGet(() -> new byte[0]));
      if (pair.isAuthority()) {
        return pair;
      }
    } catch (InvalidCertificateException unreadable) {
      throw new InvalidCertificateException(file + ".crt: " + unreadable.problem());
    }
    throw new InvalidCertificateException(
        file + ".crt: the certificate is not that of an authority");
  }

  private static Optional<Instant> time(@Nullable String text) throws InvalidCertificateException {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeParseException unreadable) {
      throw damaged();
    }
  }

  private static int generation(String text) throws InvalidCertificateException {
    var number = Long.parseLong(text);
    if (number > Integer.MAX_VALUE) {
      throw damaged();
    }
    return (int) number;
  }

  private static InvalidCertificateException damaged() {
    return new InvalidCertificateException(LIST + ": it is not as it was written");
  }
}
