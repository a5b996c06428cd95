package io.mqttoperator.operator.broker.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.pki.LedgerEntry.State;
import io.mqttoperator.operator.pki.LedgerFile;
import io.mqttoperator.operator.testing.CertificateConnection;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A ledger of more than one Secret, in a real API server, and what a real Mosquitto makes of it.
 */
@Execution(ExecutionMode.CONCURRENT)
class LedgerShardsTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final String READY = "Ready=True:Enforced";
  private static final String FIRST = Fleet.ledgerSecret(0);
  private static final String SECOND = Fleet.ledgerSecret(1);

  /** Fills one Secret: names of 64 characters. */
  private static final int MANY = 8533;

  private final Fleet fleet = Fleet.in(API);
  private final Random random = new Random(1);
  private final Instant end = Instant.now().plus(Duration.ofDays(30));

  /** As an operator wrote it that knew of one Secret: whoever they were is gone. */
  private List<LedgerEntry> full() {
    var entries = new ArrayList<LedgerEntry>();
    for (var i = 0; i < MANY; i++) {
      var name = "%064d".formatted(i);
      entries.add(
          new LedgerEntry(
              new BigInteger(126, random).setBit(126),
              name,
              name,
              1,
              end,
              State.REVOKED,
              end.minus(Duration.ofDays(60)),
              false,
              Optional.empty()));
    }
    return entries;
  }

  private void ask(String more) {
    fleet.broker(
        """
        {listeners: [
          {name: mqtts, port: 8883},
          {name: devices, port: 8885, authentication: Certificate}]%s}
        """
            .formatted(more));
  }

  private KeyAndCertificate pair(String user) {
    return Fleet.pair(fleet.get(Secret.class, user + "-mqtt"));
  }

  private LedgerEntry entryOf(KeyAndCertificate pair) {
    return fleet.ledger().find(pair.certificate().getSerialNumber()).orElseThrow();
  }

  private CertificateConnection connect(ServingPod pod, KeyAndCertificate pair) {
    return new CertificateConnection(
        pod, 8885, "fleet." + fleet.namespace() + ".svc", fleet.value("fleet-ca", "tls.crt"), pair);
  }

  private int listed() {
    try {
      return CertificateRevocationList.parse(
              fleet.value("fleet-internal", "clients.crl").getBytes(US_ASCII))
          .revokedSerials()
          .size();
    } catch (InvalidCertificateException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private String version(String secret) {
    return fleet.get(Secret.class, secret).getMetadata().getResourceVersion();
  }

  private int shards(int shard) {
    return fleet.ledgerFile(shard).shards();
  }

  @Test
  void aFullOneOfBeforeGoesOnInASecondSecretAndOneChangeWritesOne() throws Exception {
    var full = full();
    fleet.storeLedger(0, new LedgerFile(1, full));
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      ask("");
      fleet.user("anna", "certificate: {}");
      fleet.user("bert", "certificate: {}");
      fleet.acl("up", "up/{username}");
      fleet.awaitAccepted();
      try (ServingPod pod = fleet.serve()) {
        fleet.awaitCondition(MqttUser.class, "anna", READY);
        fleet.awaitCondition(MqttUser.class, "bert", READY);
        var anna = pair("anna");
        connect(pod, anna).close();
        assertThat(entryOf(anna).shard()).isEqualTo(1);
        assertThat(shards(0)).as("so that no operator takes it for all there is").isEqualTo(2);
        assertThat(fleet.ledger().entries().values()).containsAll(full);
        assertThat(listed()).isEqualTo(MANY);

        var first = version(FIRST);
        fleet.delete(MqttUser.class, "anna");
        fleet.awaitGone(MqttUser.class, "anna");
        assertThat(version(FIRST)).isEqualTo(first);
        assertThat(entryOf(anna).state()).isEqualTo(State.REVOKED);
        assertThat(listed()).isEqualTo(MANY + 1);
        assertThatThrownBy(() -> connect(pod, anna).close()).isInstanceOf(RuntimeException.class);
        connect(pod, pair("bert")).close();
      }
      assertThat(operator.passes()).isPositive();
    }
  }

  @Test
  void withoutOneOfThemNothingChangesUntilItIsBack() throws Exception {
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      fleet.storeLedger(0, new LedgerFile(2, full().subList(0, 10)));
      fleet.storeLedger(1, new LedgerFile(1, full().subList(10, 20)));
      ask("");
      fleet.user("anna", "certificate: {}");
      fleet.acl("up", "up/{username}");
      fleet.awaitAccepted();
      try (ServingPod pod = fleet.serve()) {
        fleet.awaitCondition(MqttUser.class, "anna", READY);
        var told = version("fleet-internal");
        for (int shard : List.of(1, 0)) {
          var lost = fleet.ledgerFile(shard);
          fleet.delete(Secret.class, Fleet.ledgerSecret(shard));
          fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:InvalidCertificate");
          assertThat(fleet.message(MqttBroker.class, Fleet.BROKER, "Accepted"))
              .contains("Secret " + Fleet.ledgerSecret(shard) + " is missing")
              .contains("one of 2 (fleet-revocations to fleet-revocations-1)")
              .contains("Restore it from a backup");
          // By that MqttAccessNotEnforced knows that nobody is revoked any more.
          fleet.awaitCondition(
              MqttBroker.class, Fleet.BROKER, "AccessEnforced=Unknown:InvalidCertificate");
          assertThat(version("fleet-internal")).isEqualTo(told);
          connect(pod, pair("anna")).close();
          fleet.storeLedger(shard, lost);
          fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=True:Accepted");
        }
        assertThat(listed()).isEqualTo(20);
      }
      assertThat(operator.passes()).isPositive();
    }
  }

  /**
   * Without the label by which caches select, or the one that names the broker. What was revoked
   * counts all the while, and nobody has to mend it.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatLostALabelHasItAgain(boolean isKept) throws Exception {
    var revoked = full().subList(0, 20);
    fleet.storeLedger(0, new LedgerFile(2, revoked.subList(0, 10)));
    fleet.storeLedger(1, new LedgerFile(1, revoked.subList(10, 20)));
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      ask(", certificates: {authority: {retain: " + isKept + "}}");
      fleet.awaitAccepted();
      await().atMost(Fleet.BOUND).until(() -> labels(SECOND).containsKey(Labels.COMPONENT));
      await().atMost(Fleet.BOUND).until(() -> labels(FIRST).containsKey(Labels.COMPONENT));
      for (var secret : List.of(SECOND, FIRST)) {
        for (var label : List.of(Labels.MANAGED_BY, Labels.INSTANCE)) {
          var told = version("fleet-internal");
          without(secret, label);
          operator.wake(fleet.namespace(), Fleet.BROKER);
          await(secret + " has " + label)
              .atMost(Fleet.BOUND)
              .until(() -> labels(secret).containsKey(label));
          var user = "after-" + fleet.ledger().entries().size();
          fleet.user(user, "certificate: {}");
          fleet.awaitUser(user);
          assertThat(version("fleet-internal")).isEqualTo(told);
        }
      }
      assertThat(fleet.ledger().revoked()).hasSize(20);
      assertThat(listed()).isEqualTo(20);
      fleet.awaitAccepted();
    }
  }

  /** By that label alone it is known whose it is. */
  @Test
  void oneThatIsNotMarkedAsKeptIsLeftAloneAndItsLabelsAreNamed() throws Exception {
    fleet.storeLedger(0, new LedgerFile(2, full().subList(0, 10)));
    fleet.storeLedger(1, new LedgerFile(1, full().subList(10, 20)));
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      ask("");
      fleet.awaitAccepted();
      without(SECOND, Labels.RETAINED_FOR);
      var lost = version(SECOND);
      fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:NameTaken");
      assertThat(fleet.message(MqttBroker.class, Fleet.BROKER, "Accepted"))
          .contains("Secret " + SECOND)
          .contains("label it again", "mqttoperator.io/retained-for=fleet");
      assertThat(version(SECOND)).isEqualTo(lost);
      assertThat(operator.passes()).isPositive();
    }
  }

  private Map<String, String> labels(String secret) {
    return fleet.get(Secret.class, secret).getMetadata().getLabels();
  }

  private void without(String secret, String label) {
    API.client()
        .secrets()
        .inNamespace(fleet.namespace())
        .withName(secret)
        .edit(
            seen ->
                new SecretBuilder(seen)
                    .editMetadata()
                    .removeFromLabels(label)
                    .endMetadata()
                    .build());
  }

  /** A pass that was cut off between the second Secret and the first, which counts them. */
  @Test
  void whatAPassHadNoTimeToCountIsCounted() throws Exception {
    var entries = full().subList(0, 20);
    fleet.storeLedger(0, new LedgerFile(1, entries.subList(0, 10)));
    fleet.storeLedger(1, new LedgerFile(1, entries.subList(10, 20)));
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      ask("");
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(
              () -> {
                assertThat(shards(0)).isEqualTo(2);
                assertThat(listed()).isEqualTo(20);
              });
      assertThat(operator.passes()).isPositive();
    }
  }

  /** Whether it outlives the broker is not to wait for the next certificate. */
  @Test
  void isKeptOrOwnedAsTheBrokerAsks() throws Exception {
    fleet.storeLedger(0, new LedgerFile(2, full().subList(0, 10)));
    fleet.storeLedger(1, new LedgerFile(1, full().subList(10, 20)));
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      for (var isKept : List.of(false, true)) {
        ask(", certificates: {authority: {retain: " + isKept + "}}");
        for (var secret : List.of(FIRST, SECOND)) {
          await()
              .atMost(Fleet.BOUND)
              .untilAsserted(
                  () ->
                      assertThat(
                              fleet
                                  .get(Secret.class, secret)
                                  .getMetadata()
                                  .getOwnerReferences()
                                  .isEmpty())
                          .isEqualTo(isKept));
        }
      }
      assertThat(operator.passes()).isPositive();
    }
  }

  @Test
  void theirNamesAreNoUsers() throws Exception {
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      ask("");
      fleet.user("carl", "password: {}, secret: {name: " + SECOND + "}");
      fleet.awaitCondition(MqttUser.class, "carl", "Accepted=False:NameTaken");
      assertThat(operator.passes()).isPositive();
    }
  }
}
