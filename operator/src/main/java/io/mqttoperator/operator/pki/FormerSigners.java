package io.mqttoperator.operator.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.Extension;

/**
 * The authorities that were in use before the one that signs now, where the broker's owner has
 * changed it: they sign no more, and are trusted for a while. Those that the operator makes
 * themselves follow each other by {@link AuthorityRollover}.
 *
 * @param all the last one first
 * @param path shown after what the present one has issued to servers, so that who trusts the last
 *     one alone accepts it; empty where that cannot be done
 */
public record FormerSigners(List<FormerSigner> all, List<X509Certificate> path) {

  public static final FormerSigners NONE = new FormerSigners(List.of(), List.of());

  /** More than an owner changes within one overlap; each takes room in each pod. */
  static final int MOST = 4;

  private static final Set<String> PLAIN =
      Set.of(Extension.basicConstraints.getId(), Extension.keyUsage.getId());

  private static final String LIST = "own-formers";
  private static final String FORMER = "own-former-";
  private static final String PATH = "own-path.crt";

  public FormerSigners {
    all = List.copyOf(all);
    path = List.copyOf(path);
  }

  /**
   * After the owner has made a choice: those of {@code before} that are in use no more join them,
   * what is in use again or was trusted for long enough leaves them.
   *
   * @param before in use until now
   * @param now in use from now on
   * @param overlap how long one is trusted after it was left
   */
  public FormerSigners follow(
      Signers before, Signers now, Duration overlap, CertificateIssuer issuer, Clock clock) {
    var time = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    var left =
        before.all().stream()
            .filter(one -> one.isValid(time))
            .filter(one -> all.stream().noneMatch(known -> known.authority().isSameAs(one)))
            .map(one -> FormerSigner.of(one, before.left(one, time), overlap));
    // A clock that was ahead must not have one trusted for longer.
    var known =
        all.stream()
            .map(
                one ->
                    FormerSigner.of(
                        one.authority(), one.left().isAfter(time) ? time : one.left(), overlap));
    var formers =
        Stream.concat(left, known)
            .filter(former -> !now.has(former.authority()))
            .filter(former -> former.authority().isToldFrom(now.signing()))
            .filter(former -> time.isBefore(former.until()))
            .limit(MOST)
            .toList();
    return formers.isEmpty()
        ? NONE
        : new FormerSigners(formers, path(now, formers.getFirst(), issuer, time));
  }

  /** A path that is there leads on: signed anew, it would be another, and another revision. */
  private List<X509Certificate> path(
      Signers now, FormerSigner last, CertificateIssuer issuer, Instant time) {
    var signer = now.signing().pair();
    var end = signer.notAfter().isBefore(last.until()) ? signer.notAfter() : last.until();
    if (!now.isAlone()
        || !isPlainRoot(signer.certificate())
        || !allowsBelow(last.authority())
        || !time.isBefore(end)) {
      return List.of();
    }
    var former = last.authority().pair();
    var isThere =
        path.stream()
            .findFirst()
            .filter(first -> first.getPublicKey().equals(signer.certificate().getPublicKey()))
            .filter(first -> KeyAndCertificate.isSignedBy(first, former.certificate()))
            .filter(first -> first.getNotAfter().toInstant().equals(seconds(end)))
            .isPresent();
    if (isThere) {
      return path;
    }
    var led =
        Stream.concat(
                Stream.of(issuer.signAcross(signer, former, 0, end)),
                CertificateIssuer.presentedChain(former.chain()).stream())
            .toList();
    try {
      // What the former may sign is for its own certificates to say.
      CertificatePath.require(led, last.authority().trust(), time);
      return led;
    } catch (InvalidCertificateException refused) {
      return List.of();
    }
  }

  /** Whether an authority, and each above it, may have another below that signs for servers. */
  private static boolean allowsBelow(OwnAuthority former) {
    var below = 1;
    for (var certificate : former.pair().chain()) {
      if (certificate.getBasicConstraints() < below) {
        return false;
      }
      below += KeyAndCertificate.isSelfSigned(certificate) ? 0 : 1;
    }
    var least = below;
    return former.trust().stream().allMatch(root -> root.getBasicConstraints() >= least);
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * One below another has clients ask for the one above it; and what bounds an authority would not
   * bound its other certificate.
   */
  private static boolean isPlainRoot(X509Certificate authority) {
    return KeyAndCertificate.isSelfSigned(authority)
        && authority.getExtensionValue(Extension.extendedKeyUsage.getId()) == null
        && PLAIN.containsAll(authority.getCriticalExtensionOIDs())
        && authority.getExtensionValue(Extension.nameConstraints.getId()) == null;
  }

  /** Their keys, for their revocation lists. */
  public List<KeyAndCertificate> pairs() {
    return all.stream().map(former -> former.authority().pair()).toList();
  }

  /** What those who trust them are to go on with. */
  public List<X509Certificate> trust() {
    return all.stream().flatMap(former -> former.authority().trust().stream()).toList();
  }

  /** When the first of them is trusted no longer. */
  public Optional<Instant> firstUntil() {
    return all.stream().map(FormerSigner::until).min(Comparator.naturalOrder());
  }

  /** One with the path after its own chain. */
  public KeyAndCertificate led(KeyAndCertificate signer) {
    return path.isEmpty()
        ? signer
        : new KeyAndCertificate(
            signer.key(), Stream.concat(signer.chain().stream(), path.stream()).toList());
  }

  /** What is stored of them. */
  public Map<String, byte[]> files() {
    var files = new TreeMap<String, byte[]>();
    var list = new StringBuilder();
    for (int i = 0; i < all.size(); i++) {
      var former = all.get(i);
      files.put(FORMER + i + ".crt", former.authority().pair().certificatePem());
      files.put(FORMER + i + ".key", former.authority().pair().keyPem());
      files.put(FORMER + i + "-ca.crt", former.authority().trustPem());
      list.append(former.left()).append('\n');
    }
    if (!all.isEmpty()) {
      files.put(LIST, list.toString().getBytes(US_ASCII));
    }
    if (!path.isEmpty()) {
      files.put(PATH, TrustBundle.pem(path));
    }
    return files;
  }

  /**
   * Reads them back.
   *
   * @param stored the bytes under a key
   * @throws InvalidCertificateException if they cannot be used; the message begins with the key
   */
  public static FormerSigners read(Function<String, Optional<byte[]>> stored)
      throws InvalidCertificateException {
    var list = stored.apply(LIST);
    if (list.isEmpty()) {
      return NONE;
    }
    var formers = new ArrayList<FormerSigner>();
    for (var line : new String(list.get(), US_ASCII).lines().toList()) {
      var name = FORMER + formers.size();
      try {
        var authority =
            OwnAuthority.read(
                stored.apply(name + ".crt").orElseGet(() -> new byte[0]),
                stored.apply(name + ".key").orElseGet(() -> new byte[0]),
                stored.apply(name + "-ca.crt"));
        formers.add(new FormerSigner(authority, Instant.parse(line), authority.end()));
      } catch (InvalidCertificateException unreadable) {
        throw new InvalidCertificateException(name + ".crt: " + unreadable.problem());
      } catch (DateTimeParseException unreadable) {
        throw new InvalidCertificateException(LIST + ": it is not as it was written");
      }
    }
    var path = stored.apply(PATH);
    return new FormerSigners(
        formers, path.isPresent() ? TrustBundle.parse(path.get()).certificates() : List.of());
  }

  @Override
  public String toString() {
    return "FormerSigners[" + all.size() + "]";
  }
}
