package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.pki.KeyIdentifier;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.pki.RevokedCertificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What stands on the revocation lists of a broker's authorities: each certificate on that of its
 * own. Where one Secret does not hold all, those that have ended are left out, then those of whole
 * usernames: nobody is let in under such a name, so what is not listed opens nothing.
 *
 * @param listed what stands on them
 * @param left what should, and does not fit
 * @param authorities how many lists there are
 * @param bytes that all would take, as PEM
 * @param room that there is
 */
public record ListedRevocations(
    List<LedgerEntry> listed, List<LedgerEntry> left, int authorities, long bytes, long room) {

  /** A header, a signature of RSA-8192, and names; PEM. */
  static final int LIST_BYTES = 4096;

  /** What has ended is listed for as long as clocks may differ (RFC 5280 section 3.3). */
  private static final Duration AFTER_END = Duration.ofDays(1);

  /** DER, besides the serial number: two headers, and a time of 13 digits with its own. */
  private static final int ENTRY_BYTES = 4 + 15;

  /**
   * Chooses.
   *
   * @param authorities whose lists they are
   * @param room for all lists together, as PEM
   * @param isUsed whether there is a user of this name: it is left out last
   * @throws DoNotFit if those do not fit of which nobody knows whose they are
   */
  public static ListedRevocations of(
      List<X509Certificate> authorities,
      Collection<LedgerEntry> refused,
      long room,
      Predicate<String> isUsed,
      Instant now)
      throws DoNotFit {
    var keys = authorities.stream().map(KeyIdentifier::of).toList();
    var forEntries = room - (long) LIST_BYTES * keys.size();
    var bytes = bytes(refused, keys);
    if (bytes <= forEntries) {
      return new ListedRevocations(List.copyOf(refused), List.of(), keys.size(), bytes, forEntries);
    }
    var last = now.minus(AFTER_END);
    var listed =
        new ArrayList<>(refused.stream().filter(one -> one.notAfter().isAfter(last)).toList());
    var names = new ArrayDeque<List<LedgerEntry>>();
    var size = bytes(listed, keys);
    for (var name : inOrder(listed, keys, isUsed)) {
      if (size <= forEntries) {
        break;
      }
      names.push(name);
      size -= bytes(name, keys);
    }
    // For a large one that had to go, small ones need not.
    var left = new ArrayList<LedgerEntry>();
    for (var name : names) {
      if (size + bytes(name, keys) <= forEntries) {
        size += bytes(name, keys);
      } else {
        left.addAll(name);
      }
    }
    if (size > forEntries) {
      throw new DoNotFit(
          ("The revocation lists of %d certificate authorities would take %d bytes, and there is room"
                  + " for %d, in the Secret that pods mount. Whose certificates they name is not"
                  + " known, since the list of issued ones was lost. Have fewer authorities at a"
                  + " time: set spec.certificates.authority.overlap to 0s.")
              .formatted(keys.size(), bytes, forEntries));
    }
    listed.removeAll(Set.copyOf(left));
    return new ListedRevocations(listed, List.copyOf(left), keys.size(), bytes, forEntries);
  }

  /** By username: those that nobody has first, then those that free the most. */
  private static List<List<LedgerEntry>> inOrder(
      List<LedgerEntry> entries, List<KeyIdentifier> keys, Predicate<String> isUsed) {
    Map<String, List<LedgerEntry>> names =
        entries.stream()
            .filter(LedgerEntry::hasHolder)
            .filter(one -> bytes(one, keys) > 0)
            .collect(Collectors.groupingBy(LedgerEntry::username));
    return names.entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<String, List<LedgerEntry>> name) -> isUsed.test(name.getKey()))
                .thenComparing(name -> -bytes(name.getValue(), keys))
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static long bytes(Collection<LedgerEntry> entries, List<KeyIdentifier> keys) {
    return entries.stream().mapToLong(entry -> bytes(entry, keys)).sum();
  }

  /** PEM has a line of 64 characters and its end for 48 bytes. */
  private static long bytes(LedgerEntry entry, List<KeyIdentifier> keys) {
    var lists = keys.stream().filter(entry::mayBeOf).count();
    var der = ENTRY_BYTES + entry.serial().bitLength() / 8 + 1;
    return lists * Math.ceilDiv(der * 65, 48);
  }

  /** What stands on one authority's. */
  public List<RevokedCertificate> of(X509Certificate authority) {
    var key = KeyIdentifier.of(authority);
    return listed.stream().filter(one -> one.mayBeOf(key)).map(LedgerEntry::listed).toList();
  }

  /** Under these names nobody is let in: some of their certificates are refused, and not listed. */
  public Set<String> shutOut() {
    return left.stream().map(LedgerEntry::username).collect(Collectors.toUnmodifiableSet());
  }

  /** Of the broker, where something is left out. */
  public Optional<Verdict> verdict(BrokerNames names) {
    return left.stream()
        .map(LedgerEntry::notAfter)
        .max(Comparator.naturalOrder())
        .map(
            end ->
                Verdict.no(
                    Reason.TOO_LARGE,
                    ("Secret %s: the revocation lists of %d certificate authorities would take %d bytes,"
                            + " and there is room for %d. %d revoked certificates of %d users are not"
                            + " listed: nobody is let in under those names, until the last of the"
                            + " certificates has ended (%s), or %s.")
                        .formatted(
                            names.internal(),
                            authorities,
                            bytes,
                            room,
                            left.size(),
                            shutOut().size(),
                            end,
                            remedy())));
  }

  private String remedy() {
    return authorities > 1
        ? "a former authority is trusted no longer (spec.certificates.authority.overlap: 0s)"
        : "another authority has taken this one's place (spec.certificates.authority: generation"
            + " raised, and overlap: 0s; every device then needs a new certificate and ca.crt)";
  }

  /** Of a user of such a name. */
  public Verdict ofUser() {
    return Verdict.no(
        Reason.TOO_LARGE,
        ("A certificate of this name was revoked, and the broker's revocation lists do not hold it:"
                + " until it has ended, nobody is let in under this name. The broker's %s condition"
                + " says what to do.")
            .formatted(Conditions.ACCEPTED));
  }

  @Override
  public String toString() {
    return "ListedRevocations[" + listed.size() + ", " + left.size() + " left]";
  }
}
