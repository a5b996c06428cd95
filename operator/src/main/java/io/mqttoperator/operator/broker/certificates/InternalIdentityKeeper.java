package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.observation.Star;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerNames;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.mosquitto.BridgeAccounts;
import io.mqttoperator.operator.mosquitto.BridgeConfiguration;
import io.mqttoperator.operator.mosquitto.OperatorAccount;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.pki.AuthorityProfile;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.ClientProfile;
import io.mqttoperator.operator.pki.CommonName;
import io.mqttoperator.operator.pki.DesiredCertificate;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeyAlgorithm;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.RenewalDecision;
import io.mqttoperator.operator.pki.RenewalRules;
import io.mqttoperator.operator.pki.ServerProfile;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Takes the stored {@link InternalIdentity} of a broker, or makes what of it is missing or due. */
final class InternalIdentityKeeper {

  private static final KeyAlgorithm ALGORITHM = KeyAlgorithm.ECDSA_P256;
  private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);
  private static final Duration VALIDITY = Duration.ofDays(365);
  private static final Duration RENEW_BEFORE = Duration.ofDays(90);
  private static final int SALT_BYTES = 32;

  private final CertificateIssuer issuer;
  private final CertificateRenewal renewal;
  private final SecureRandom random;
  private final Clock clock;

  InternalIdentityKeeper(CertificateIssuer issuer, Clock clock, SecureRandom random) {
    this.issuer = issuer;
    this.renewal = new CertificateRenewal(issuer, clock);
    this.random = random;
    this.clock = clock;
  }

  /**
   * Takes or makes all of it.
   *
   * @param issued is told, in a sentence, of an authority made anew
   */
  InternalIdentity keep(BrokerProfile profile, BrokerObservation seen, Consumer<String> issued) {
    var names = profile.names();
    var authority = authority(names, seen.operator(), issued);
    var account = account(seen.operator());
    var operator =
        renewal.leaf(
            CertificateRenewal.stored(
                seen.operator(), SecretEntries.CERTIFICATE, SecretEntries.KEY, 1),
            authority,
            new ClientProfile(account.value(), ALGORITHM, VALIDITY),
            1,
            RENEW_BEFORE);
    var pod =
        renewal.leaf(
            CertificateRenewal.stored(
                seen.internal(), RevisionFiles.INTERNAL_CERTIFICATE, RevisionFiles.INTERNAL_KEY, 1),
            authority,
            podProfile(profile.names(), Star.size(profile, seen) > 1),
            1,
            RENEW_BEFORE);
    var accounts = accounts(seen.operator());
    return new InternalIdentity(
        authority,
        revocations(seen.internal(), authority),
        account,
        operator,
        pod,
        salt(seen.operator()),
        accounts,
        bridges(profile, authority, accounts, seen));
  }

  /** Bridges find the hub by its name in DNS, and their own pod's broker beside them. */
  private static ServerProfile podProfile(BrokerNames names, boolean hasBridges) {
    return new ServerProfile(
        names.internalName(),
        hasBridges
            ? List.of(names.internalName(), names.podHost(0))
            : List.of(names.internalName()),
        hasBridges ? List.of("127.0.0.1") : List.of(),
        ALGORITHM,
        VALIDITY);
  }

  private List<Bridge> bridges(
      BrokerProfile profile,
      KeyAndCertificate authority,
      BridgeAccounts accounts,
      BrokerObservation seen) {
    var stored = seen.secret(profile.names().bridge());
    return IntStream.range(1, Star.size(profile, seen))
        .mapToObj(
            ordinal -> {
              var account = accounts.of(ordinal);
              var certificate =
                  renewal.leaf(
                      CertificateRenewal.stored(
                          stored,
                          BridgeConfiguration.certificateFile(ordinal),
                          BridgeConfiguration.keyFile(ordinal),
                          1),
                      authority,
                      new ClientProfile(account.value(), ALGORITHM, VALIDITY),
                      1,
                      RENEW_BEFORE);
              return new Bridge(ordinal, account, certificate);
            })
        .toList();
  }

  private BridgeAccounts accounts(StoredSecret stored) {
    return stored
        .bytes(SecretEntries.BRIDGES)
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
        .filter(secret -> secret.matches("[0-9a-f]{32}"))
        .map(BridgeAccounts::new)
        .orElseGet(() -> BridgeAccounts.random(random));
  }

  private KeyAndCertificate authority(
      BrokerNames names, StoredSecret stored, Consumer<String> issued) {
    var wanted =
        new AuthorityProfile(
            CommonName.shortened(names.broker() + " internal CA"), ALGORITHM, AUTHORITY_VALIDITY);
    var found = CertificateRenewal.stored(stored, SecretEntries.TRUST, SecretEntries.TRUST_KEY, 1);
    var desired = DesiredCertificate.authority(wanted, RENEW_BEFORE.plus(VALIDITY));
    if (RenewalRules.decide(found, desired, clock) instanceof RenewalDecision.Keep) {
      return CertificateRenewal.pair(found);
    }
    issued.accept("Made the internal certificate authority.");
    return issuer.createAuthority(wanted);
  }

  private CertificateRevocationList revocations(StoredSecret stored, KeyAndCertificate internal) {
    Supplier<CertificateRevocationList> make = () -> issuer.certificateRevocationList(internal);
    return stored
        .bytes(RevisionFiles.INTERNAL_REVOCATIONS)
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
        .bytes(SecretEntries.ACCOUNT)
        .map(bytes -> new String(bytes, StandardCharsets.US_ASCII))
        .filter(name -> name.matches("\\$mqtt-operator-[0-9a-f]{32}"))
        .map(OperatorAccount::new)
        .orElseGet(() -> OperatorAccount.random(random));
  }

  private SecretBytes salt(StoredSecret stored) {
    return stored
        .bytes(SecretEntries.SALT)
        .filter(bytes -> bytes.length == SALT_BYTES)
        .map(SecretBytes::new)
        .orElseGet(
            () -> {
              var bits = new byte[SALT_BYTES];
              random.nextBytes(bits);
              return new SecretBytes(bits);
            });
  }
}
