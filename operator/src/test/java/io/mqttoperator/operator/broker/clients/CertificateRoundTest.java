package io.mqttoperator.operator.broker.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.access.ClientCertificate;
import io.mqttoperator.operator.access.ClientCertificate.Issued;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.certificates.SecretKeeper;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import io.mqttoperator.operator.pki.AuthorityProof;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.pki.LedgerFile;
import io.mqttoperator.operator.testing.LaterClock;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who gets no certificate in a pass, why, and what becomes of the one that is there. */
class CertificateRoundTest {

  /** With a name of 64 characters. */
  private static final long BYTES = LedgerEntry.mostBytes("0".repeat(64));

  private static final Duration UNTIL_OVERDUE = Duration.ofDays(61);

  private final LaterClock clock = new LaterClock();
  private final BrokerSecrets secrets = secrets();
  private Optional<Secret> stored = Optional.empty();

  private BrokerSecrets secrets() {
    try {
      return new SecretKeeper(clock, new SecureRandom())
          .keep(Samples.defaults(), Samples.nothing(), AuthorityProof.NONE);
    } catch (UnusableAuthority impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static UserDecision user(String name) {
    var user =
        Samples.YAML.unmarshal(
            """
            apiVersion: mqttoperator.io/v1alpha1
            kind: MqttUser
            metadata: {namespace: plant, name: %1$s, uid: u-%1$s}
            spec: {brokerRef: {name: fleet}, certificate: {}}
            """
                .formatted(name),
            MqttUser.class);
    return CredentialRules.decide(
        new UserObservation(user, user, new Standing.Member(), Optional.empty(), Optional.empty()),
        Set.of(ClientAuthentication.CERTIFICATE),
        StoredHashes.NONE);
  }

  /**
   * There is room for no other, not even a short name.
   *
   * @param others what else stands in the first shard, in bytes
   */
  private List<LedgerEntry> full(long others) {
    var random = new Random(1);
    var entries = new ArrayList<LedgerEntry>();
    for (int shard = 0; shard < LedgerFile.MOST_SHARDS; shard++) {
      for (long bytes = shard == 0 ? others : 0;
          bytes + BYTES <= LedgerFile.MAX_BYTES;
          bytes += BYTES) {
        var name = "%064d".formatted(entries.size());
        entries.add(
            new LedgerEntry(
                    new BigInteger(126, random).setBit(126),
                    name,
                    name,
                    1,
                    clock.instant().plus(Duration.ofDays(300)),
                    LedgerEntry.State.REVOKED,
                    clock.instant(),
                    false,
                    Optional.empty())
                .inShard(shard));
      }
    }
    return entries;
  }

  private CertificatePass pass(CertificateLedger ledger) {
    return new CertificatePass(secrets, ledger, () -> stored, clock);
  }

  private static Issued issued(UserDecision user) {
    return (Issued) user.certificate();
  }

  /** Who comes later in a pass is not told that another had no room. */
  @Test
  void whoFindsNoTimeIsNotToldOfRoom() {
    var pass = pass(CertificateLedger.EMPTY.with(full(0)));
    var without = pass.outcome(user("anna"));
    assertThat(without.decision().accepted().reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(without.renewAt()).isAfter(clock.instant().plus(Duration.ofMinutes(5)));

    clock.ahead(Duration.ofSeconds(5));
    var later = pass.outcome(user("bert"));
    assertThat(later.decision().accepted().isTrue()).isTrue();
    assertThat(later.decision().certificate()).isInstanceOf(ClientCertificate.Awaited.class);
    assertThat(later.renewAt()).as("the next pass").isBefore(clock.instant());
  }

  /** Of one user: the ledger with its certificate, which its Secret holds. */
  private CertificateLedger withCertificate(UserDecision user) {
    var first = pass(CertificateLedger.EMPTY);
    var files = new TreeMap<String, String>();
    issued(first.decide(user)).files().forEach((key, value) -> files.put(key, base64(value)));
    stored =
        Optional.of(
            new SecretBuilder()
                .withNewMetadata()
                .withName("anna-mqtt")
                .endMetadata()
                .withData(files)
                .build());
    return first.ledger();
  }

  private static String base64(SecretBytes value) {
    return Base64.getEncoder().encodeToString(value.toBytes());
  }

  /** A second one that has not ended takes the room that was kept for its next. */
  private CertificateLedger crowded(CertificateLedger ledger, UserDecision user) {
    var own = ledger.entries().values().iterator().next();
    return ledger
        .with(full(2 * LedgerEntry.mostBytes(user.seen().username())))
        .with(
            List.of(
                new LedgerEntry(
                    BigInteger.TWO,
                    user.seen().username(),
                    user.seen().uid(),
                    1,
                    own.notAfter(),
                    LedgerEntry.State.ISSUED,
                    own.since(),
                    false,
                    own.issuer())));
  }

  @Test
  void oneThatIsNotRenewedStaysAsItIsAndSaysWhyAfterAnHour() {
    var anna = user("anna");
    var ledger = crowded(withCertificate(anna), anna);
    var before = issued(pass(ledger).decide(anna));
    assertThat(before.overdue()).isEmpty();

    clock.ahead(UNTIL_OVERDUE);
    var pass = pass(ledger);
    var late = pass.outcome(anna);
    var certificate = issued(late.decision());
    assertThat(certificate.serial()).isEqualTo(before.serial());
    assertThat(certificate.renewAt()).as("it does not move with time").isEqualTo(before.renewAt());
    assertThat(certificate.overdue()).hasValueSatisfying(why -> assertThat(why).contains("track"));
    assertThat(late.decision().accepted().isTrue()).as("it logs in as before").isTrue();
    assertThat(late.renewAt()).isAfter(clock.instant());

    clock.ahead(Duration.between(Instant.now(), before.renewAt().plus(Duration.ofMinutes(30))));
    assertThat(issued(pass(ledger).decide(anna)).overdue()).as("not yet").isEmpty();
  }

  @Test
  void whoIsNotAcceptedIsLookedAtAgainWhenItIsOverdueAndNotAllTheTime() {
    var anna = user("anna");
    var ledger = withCertificate(anna);
    var renewAt = issued(pass(ledger).decide(anna)).renewAt();
    var refused = anna.judged(Verdict.no(Reason.INVALID_PASSWORD, "No."));

    clock.ahead(Duration.between(Instant.now(), renewAt.plusSeconds(60)));
    assertThat(pass(ledger).outcome(refused).renewAt())
        .isEqualTo(renewAt.plus(ClientCertificate.OVERDUE_AFTER).plusSeconds(1));
    clock.ahead(Duration.ofDays(200));
    var ended = pass(ledger).outcome(refused);
    assertThat(ended.renewAt()).isEqualTo(Instant.MAX);
    assertThat(issued(ended.decision()).overdue())
        .hasValueSatisfying(why -> assertThat(why).contains("not accepted"));
  }
}
