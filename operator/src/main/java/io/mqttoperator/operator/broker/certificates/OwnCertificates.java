package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.OwnServerCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The server certificates that a broker's owner brought, as they are in use: the newest, or the
 * last good ones.
 *
 * @param authorities which authority issues what is not brought
 * @param server what listeners show that have none of their own; empty: the authority issues it
 * @param listeners by the listener's name
 * @param former of listeners that the spec does not ask one for, but a configuration that pods may
 *     still have
 * @param problem the first that is wrong with what the spec refers to
 * @param isMissing whether something asked for has never been there: then the spec cannot take
 *     effect
 * @param warnings for status, in sentences
 * @param news what was taken just now, in sentences for events
 */
public record OwnCertificates(
    OwnAuthorityChoice authorities,
    Optional<OwnServerCertificate> server,
    SortedMap<String, OwnServerCertificate> listeners,
    Map<String, OwnServerCertificate> former,
    Optional<Verdict> problem,
    boolean isMissing,
    List<String> warnings,
    List<String> news) {

  private static final String RENEW = "put the next one into it.";

  static final OwnCertificates NONE =
      new OwnCertificates(
          OwnAuthorityChoice.NONE,
          Optional.empty(),
          new TreeMap<>(),
          Map.of(),
          Optional.empty(),
          false,
          List.of(),
          List.of());

  /** Why the spec cannot take effect. */
  public Optional<Verdict> refusal() {
    return authorities.isMissing() ? authorities.problem() : isMissing ? problem : Optional.empty();
  }

  /** The verdict for {@code Accepted}: what runs goes on, but somebody has to change something. */
  public Verdict accepted(Verdict otherwise) {
    return otherwise.isTrue()
        ? authorities.problem().or(() -> problem).orElse(otherwise)
        : otherwise;
  }

  /** For status: all that is allowed but not well. */
  public Stream<String> allWarnings() {
    return Stream.concat(authorities.warnings().stream(), warnings.stream());
  }

  /** For events: all that was taken just now. */
  Stream<String> allNews() {
    return Stream.concat(authorities.news().stream(), news.stream());
  }

  /** The verdict for {@code CertificatesReady}. */
  public Verdict ready(Instant now) {
    return ends().entrySet().stream()
        .filter(own -> own.getValue().isBefore(now))
        .findFirst()
        .map(
            ended ->
                Verdict.no(
                    Reason.INVALID_CERTIFICATE,
                    "The certificate %s, or one of its chain, ended at %s: put the next one into its Secret."
                        .formatted(ended.getKey().serialHex(), ended.getValue())))
        .orElseGet(() -> Verdict.yes(Reason.ISSUED, "All certificates are issued and valid."));
  }

  /** When to look at them again: one begins to end, or ends. */
  Stream<Instant> looks(Instant now) {
    return ends().entrySet().stream()
        .flatMap(
            own -> Stream.of(warnFrom(own.getKey(), own.getValue()), own.getValue().plusSeconds(1)))
        .filter(time -> time.isAfter(now));
  }

  /** From when on it is said that a certificate ends. */
  static Instant warnFrom(KeyAndCertificate pair, Instant end) {
    var ahead = Duration.between(pair.notBefore(), end).dividedBy(4);
    var most = Duration.ofDays(14);
    return end.minus(ahead.compareTo(most) < 0 ? ahead : most);
  }

  /** The warning of what somebody else has to renew. */
  public static String ending(String secret, String what, Instant end) {
    return "Secret %s: the %s, or one of its chain, ends at %s: %s"
        .formatted(secret, what, end, RENEW);
  }

  public static boolean isEnding(String warning) {
    return warning.endsWith(RENEW);
  }

  private Map<KeyAndCertificate, Instant> ends() {
    var ends = new LinkedHashMap<KeyAndCertificate, Instant>();
    authorities.authority().ifPresent(own -> ends.put(own.pair(), own.end()));
    server.ifPresent(own -> ends.put(own.pair(), own.end()));
    listeners.values().forEach(own -> ends.put(own.pair(), own.end()));
    return ends;
  }

  /** The files of a revision that listeners' own certificates are in. */
  public Map<String, byte[]> files() {
    var files = new TreeMap<String, byte[]>();
    var all = new TreeMap<>(former);
    all.putAll(listeners);
    all.forEach(
        (name, own) -> {
          files.put(RevisionFiles.listenerCertificate(name), own.pair().certificatePem());
          files.put(RevisionFiles.listenerKey(name), own.pair().keyPem());
        });
    return files;
  }

  /** What is stored beside those files, and no pod reads: what clients are to trust. */
  public Map<String, byte[]> trustFiles() {
    var files = new TreeMap<String, byte[]>();
    listeners.forEach((name, own) -> files.put(trustFile(name), own.trustPem()));
    return files;
  }

  static String trustFile(String listener) {
    return "listener-" + listener + ".ca";
  }
}
