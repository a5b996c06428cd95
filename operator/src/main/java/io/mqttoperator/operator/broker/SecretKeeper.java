package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.mosquitto.OperatorAccount;
import io.mqttoperator.operator.pki.AuthorityProfile;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.ClientProfile;
import io.mqttoperator.operator.pki.CommonName;
import io.mqttoperator.operator.pki.DesiredCertificate;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.IssueReason;
import io.mqttoperator.operator.pki.KeyAlgorithm;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.RenewalDecision;
import io.mqttoperator.operator.pki.RenewalRules;
import io.mqttoperator.operator.pki.ServerProfile;
import io.mqttoperator.operator.pki.StoredCertificate;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps a broker's keys and certificates: takes those that are stored, and makes the others. What
 * is made is never made again from the same facts, so it must be stored before it is used.
 */
final class SecretKeeper {

  static final String CERTIFICATE = "tls.crt";
  static final String KEY = "tls.key";
  static final String TRUST = "ca.crt";
  static final String TRUST_KEY = "ca.key";
  static final String ACCOUNT = "account";
  static final String SALT = "salt";

  private static final KeyAlgorithm INTERNAL_ALGORITHM = KeyAlgorithm.ECDSA_P256;
  private static final Duration INTERNAL_AUTHORITY_VALIDITY = Duration.ofDays(3650);
  private static final Duration INTERNAL_VALIDITY = Duration.ofDays(365);
  private static final Duration INTERNAL_RENEW_BEFORE = Duration.ofDays(90);
  private static final int SALT_BYTES = 32;
  private static final Pattern IP_ADDRESS =
      Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private final CertificateIssuer issuer;
  private final SecureRandom random;
  private final Clock clock;

  SecretKeeper(Clock clock, SecureRandom random) {
    this.issuer = new CertificateIssuer(clock, random);
    this.random = random;
    this.clock = clock;
  }

  /** A certificate with its key, and when to look at it again. */
  private record Kept(KeyAndCertificate pair, Instant renewAt) {}

  /**
   * Takes or makes all of them.
   *
   * @throws UnusableAuthority if the stored authority cannot be read: a new one would lock out each
   *     client that trusts it
   */
  BrokerSecrets keep(BrokerProfile profile, BrokerObservation seen) throws UnusableAuthority {
    var issued = new ArrayList<String>();
    var names = profile.names();
    var authority = authority(profile, seen.authority(), issued);
    var server = server(profile, authority.pair(), seen.server(), issued);
    var internal = internalAuthority(names, seen.operator(), issued);
    var account = account(seen.operator());
    var operator =
        leaf(
            stored(seen.operator(), CERTIFICATE, KEY, 1),
            internal,
            new ClientProfile(account.value(), INTERNAL_ALGORITHM, INTERNAL_VALIDITY),
            1,
            INTERNAL_RENEW_BEFORE,
            reason -> {});
    var pod =
        leaf(
            stored(seen.internal(), "internal.crt", "internal.key", 1),
            internal,
            new ServerProfile(
                names.internalName(),
                List.of(names.internalName()),
                List.of(),
                INTERNAL_ALGORITHM,
                INTERNAL_VALIDITY),
            1,
            INTERNAL_RENEW_BEFORE,
            reason -> {});
    return new BrokerSecrets(
        authority.pair(),
        authority.renewAt(),
        server.pair(),
        server.renewAt(),
        internal,
        revocations(seen.internal(), internal),
        account,
        operator.pair(),
        pod.pair(),
        Stream.of(operator.renewAt(), pod.renewAt()).min(Instant::compareTo).orElseThrow(),
        salt(seen.operator()),
        List.copyOf(issued));
  }

  private Kept authority(BrokerProfile profile, StoredSecret stored, List<String> issued)
      throws UnusableAuthority {
    var asked = profile.authority();
    var name = CommonName.shortened(profile.names().broker() + " CA");
    var wanted = new AuthorityProfile(name, asked.keyAlgorithm(), asked.validity());
    var found = stored(stored, CERTIFICATE, KEY, 1);
    if (found.isEmpty() && stored.secret() != null) {
      throw unusable(profile, "it has no " + CERTIFICATE);
    }
    if (found.orElse(null) instanceof StoredCertificate.Unreadable unreadable) {
      throw unusable(profile, unreadable.problem());
    }
    var desired = DesiredCertificate.authority(wanted, asked.renewBefore(), 1);
    return switch (RenewalRules.decide(found, desired, clock)) {
      case RenewalDecision.Keep keep -> new Kept(pair(found), keep.renewAt());
      case RenewalDecision.Issue issue when issue.reason() == IssueReason.MISSING -> {
        issued.add("Made the certificate authority.");
        var made = issuer.createAuthority(wanted);
        yield new Kept(made, renewAt(made, desired));
      }
      case RenewalDecision.Issue issue
          when issue.reason() == IssueReason.DUE || issue.reason() == IssueReason.EXPIRED -> {
        issued.add("Renewed the certificate authority; its key is the same.");
        var made = issuer.renewAuthority(pair(found), asked.keyAlgorithm(), asked.validity());
        yield new Kept(made, renewAt(made, desired));
      }
      case RenewalDecision.Issue issue ->
          throw unusable(profile, "the certificate is not that of an authority");
    };
  }

  private static UnusableAuthority unusable(BrokerProfile profile, String problem) {
    return new UnusableAuthority(
        ("Secret %s: %s. Restore it, or delete it to have a new authority, which clients must then"
                + " learn to trust.")
            .formatted(profile.names().authority(), problem));
  }

  private Kept server(
      BrokerProfile profile,
      KeyAndCertificate authority,
      StoredSecret stored,
      List<String> issued) {
    var asked = profile.server();
    var names = profile.names();
    var dns =
        Stream.concat(
                names.serverDnsNames().stream(),
                asked.additionalNames().stream().filter(name -> !isAddress(name)))
            .toList();
    var addresses = asked.additionalNames().stream().filter(SecretKeeper::isAddress).toList();
    return leaf(
        stored(stored, CERTIFICATE, KEY, Math.max(1, stored.number(Labels.CERTIFICATE_GENERATION))),
        authority,
        new ServerProfile(names.host(), dns, addresses, asked.keyAlgorithm(), asked.validity()),
        asked.generation(),
        asked.renewBefore(),
        reason -> issued.add("Issued a server certificate: " + sentence(reason)));
  }

  private static boolean isAddress(String name) {
    return IP_ADDRESS.matcher(name).matches();
  }

  private KeyAndCertificate internalAuthority(
      BrokerNames names, StoredSecret stored, List<String> issued) {
    var wanted =
        new AuthorityProfile(
            CommonName.shortened(names.broker() + " internal CA"),
            INTERNAL_ALGORITHM,
            INTERNAL_AUTHORITY_VALIDITY);
    var found = stored(stored, TRUST, TRUST_KEY, 1);
    var desired =
        DesiredCertificate.authority(wanted, INTERNAL_RENEW_BEFORE.plus(INTERNAL_VALIDITY), 1);
    if (RenewalRules.decide(found, desired, clock) instanceof RenewalDecision.Keep) {
      return pair(found);
    }
    issued.add("Made the internal certificate authority.");
    return issuer.createAuthority(wanted);
  }

  /** Tells why a certificate was issued. */
  private interface Listener {
    void issued(IssueReason reason);
  }

  private Kept leaf(
      Optional<StoredCertificate> stored,
      KeyAndCertificate authority,
      io.mqttoperator.operator.pki.CertificateProfile profile,
      int generation,
      Duration renewBefore,
      Listener listener) {
    var desired = DesiredCertificate.issuedBy(authority, profile, renewBefore, generation);
    return switch (RenewalRules.decide(stored, desired, clock)) {
      case RenewalDecision.Keep keep -> new Kept(pair(stored), keep.renewAt());
      case RenewalDecision.Issue issue -> {
        listener.issued(issue.reason());
        var made =
            switch (profile) {
              case ServerProfile server -> issuer.issueServer(authority, server);
              case ClientProfile client -> issuer.issueClient(authority, client);
              case AuthorityProfile own -> issuer.createAuthority(own);
            };
        yield new Kept(made, renewAt(made, desired));
      }
    };
  }

  private Instant renewAt(KeyAndCertificate made, DesiredCertificate desired) {
    var stored =
        Optional.<StoredCertificate>of(new StoredCertificate.Usable(made, desired.generation()));
    return RenewalRules.decide(stored, desired, clock) instanceof RenewalDecision.Keep keep
        ? keep.renewAt()
        : made.notAfter();
  }

  private CertificateRevocationList revocations(StoredSecret stored, KeyAndCertificate internal) {
    Supplier<CertificateRevocationList> make = () -> issuer.certificateRevocationList(internal);
    return stored
        .bytes("internal.crl")
        .map(
            pem -> {
              try {
                var list = CertificateRevocationList.parse(pem);
                return list.isCurrent(internal.certificate(), Set.of(), clock.instant())
                    ? list
                    : make.get();
              } catch (InvalidCertificateException unreadable) {
                return make.get();
              }
            })
        .orElseGet(make);
  }

  private OperatorAccount account(StoredSecret stored) {
    return stored
        .bytes(ACCOUNT)
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
        .filter(name -> name.matches("\\$mqtt-operator-[0-9a-f]{32}"))
        .map(OperatorAccount::new)
        .orElseGet(() -> OperatorAccount.random(random));
  }

  private SecretBytes salt(StoredSecret stored) {
    return stored
        .bytes(SALT)
        .filter(bytes -> bytes.length == SALT_BYTES)
        .map(SecretBytes::new)
        .orElseGet(
            () -> {
              var bits = new byte[SALT_BYTES];
              random.nextBytes(bits);
              return new SecretBytes(bits);
            });
  }

  private static Optional<StoredCertificate> stored(
      StoredSecret secret, String certificate, String key, int generation) {
    return secret
        .bytes(certificate)
        .map(
            pem ->
                StoredCertificate.read(
                    pem, secret.bytes(key).orElseGet(() -> new byte[0]), generation));
  }

  private static KeyAndCertificate pair(Optional<StoredCertificate> stored) {
    return switch (stored.orElseThrow()) {
      case StoredCertificate.Usable usable -> usable.pair();
      case StoredCertificate.Unreadable unreadable ->
          throw new IllegalStateException("decided to keep what cannot be read");
    };
  }

  private static String sentence(IssueReason reason) {
    return switch (reason) {
      case MISSING -> "there was none.";
      case UNREADABLE -> "the stored one could not be read.";
      case GENERATION_RAISED -> "its generation was raised.";
      case AUTHORITY_CHANGED -> "the authority is another.";
      case KEY_ALGORITHM_CHANGED -> "its key algorithm was changed.";
      case NAMES_CHANGED -> "its names were changed.";
      case VALIDITY_CHANGED -> "its validity was changed.";
      case NOT_YET_VALID -> "the old one begins in the future.";
      case EXPIRED -> "the old one has ended.";
      case DUE -> "the old one would have ended soon.";
    };
  }
}
