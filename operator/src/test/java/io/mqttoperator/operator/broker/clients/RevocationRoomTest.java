package io.mqttoperator.operator.broker.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.broker.Fleet;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.pki.LedgerFile;
import io.mqttoperator.operator.testing.KubernetesApi;
import io.mqttoperator.operator.testing.RunningOperator;
import io.mqttoperator.operator.testing.ServingPod;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** More revoked certificates than the lists of a rollover hold, in a real API server. */
@Execution(ExecutionMode.CONCURRENT)
class RevocationRoomTest {

  @RegisterExtension static final KubernetesApi API = new KubernetesApi();

  private static final int MANY = 12_000;
  private static final String STOLEN = "stolen";
  private static final String READY = "Ready=True:Enforced";

  private final Fleet fleet = Fleet.in(API);
  private final Random random = new Random(1);
  private final Instant end = Instant.now().plus(Duration.ofDays(30));

  /** As an earlier version wrote it: whose they are is not known, so each list names them all. */
  private void storeLedger(int stolen) {
    var entries = new ArrayList<LedgerEntry>();
    for (var i = 0; i < MANY; i++) {
      entries.add(revoked(i < stolen ? STOLEN : "gone-" + i));
    }
    fleet.storeLedger(0, new LedgerFile(1, entries));
  }

  private LedgerEntry revoked(String username) {
    return new LedgerEntry(
        new BigInteger(126, random).setBit(126),
        username,
        "of-" + username,
        1,
        end,
        LedgerEntry.State.REVOKED,
        end.minus(Duration.ofDays(60)),
        false,
        Optional.empty());
  }

  private void ask(int generation, String overlap) {
    fleet.broker(
        """
        {listeners: [
          {name: mqtts, port: 8883},
          {name: devices, port: 8885, authentication: Certificate}],
         certificates: {authority: {generation: %d, overlap: %s}}}
        """
            .formatted(generation, overlap));
  }

  private void askForAll() {
    ask(1, "168h");
    fleet.user("anna", "certificate: {}");
    fleet.user(STOLEN, "password: {}");
    fleet.acl("up", "up/{username}");
    fleet.awaitAccepted();
  }

  private List<Integer> listed() {
    try {
      return CertificateRevocationList.parseAll(
              fleet.value("fleet-internal", "clients.crl").getBytes(StandardCharsets.US_ASCII))
          .stream()
          .map(list -> list.revokedSerials().size())
          .toList();
    } catch (InvalidCertificateException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @Test
  void certificatesOfUsersThatAreGoneAreLeftOutFirst() throws Exception {
    storeLedger(2000);
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      askForAll();
      try (ServingPod pod = fleet.serve()) {
        fleet.awaitCondition(MqttUser.class, "anna", READY);
        fleet.awaitCondition(MqttUser.class, STOLEN, READY);
        assertThat(pod.file("clients.crl")).isEqualTo(fleet.value("fleet-internal", "clients.crl"));
        assertThat(listed()).containsExactly(MANY);
        ask(2, "168h");
        fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=False:TooLarge");
        assertThat(fleet.message(MqttBroker.class, Fleet.BROKER, "Accepted"))
            .contains("Secret fleet-internal: the revocation lists of 2 certificate authorities")
            .contains("are not listed");
        await()
            .atMost(Fleet.BOUND)
            .until(() -> fleet.value("fleet-ca", "authorities").contains("former-1"));
        await().atMost(Fleet.BOUND).untilAsserted(() -> assertThat(listed()).hasSize(2));
        assertThat(listed()).allSatisfy(size -> assertThat(size).isBetween(10_000, MANY - 1));
        // A name that nobody has goes first: this user's is still listed.
        fleet.awaitCondition(MqttUser.class, STOLEN, READY);
        fleet.user("bert", "password: {}");
        fleet.awaitCondition(MqttUser.class, "bert", READY);

        ask(2, "0s");
        fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=True:Accepted");
        await().atMost(Fleet.BOUND).untilAsserted(() -> assertThat(listed()).containsExactly(MANY));
      }
      assertThat(operator.passes()).isPositive();
    }
  }

  /** Nobody is let in under a name of which a revoked certificate is on no list. */
  @Test
  void aNameWhoseCertificatesAreNotListedIsShutOutUntilTheyAre() throws Exception {
    storeLedger(MANY - 1000);
    try (RunningOperator operator = API.operator(fleet.namespace(), Clock.systemUTC())) {
      askForAll();
      try (ServingPod pod = fleet.serve()) {
        fleet.awaitCondition(MqttUser.class, "anna", READY);
        fleet.awaitCondition(MqttUser.class, STOLEN, READY);
        fleet.connect(pod, STOLEN).close();

        ask(2, "168h");
        fleet.awaitCondition(MqttUser.class, STOLEN, "Accepted=False:TooLarge");
        await()
            .atMost(Fleet.BOUND)
            .untilAsserted(
                () ->
                    assertThat(fleet.value("fleet-files-0", "password-0")).doesNotContain(STOLEN));
        assertThatThrownBy(() -> fleet.connect(pod, STOLEN).close())
            .isInstanceOf(RuntimeException.class);
        fleet.awaitCondition(MqttUser.class, "anna", READY);
        fleet.delete(MqttUser.class, STOLEN);
        fleet.awaitGone(MqttUser.class, STOLEN);
        // Nobody collects garbage here.
        fleet.delete(Secret.class, STOLEN + "-mqtt");

        fleet.user(STOLEN, "password: {}");
        fleet.awaitCondition(MqttUser.class, STOLEN, "Accepted=False:TooLarge");
        ask(2, "0s");
        fleet.awaitCondition(MqttUser.class, STOLEN, READY);
        assertThat(listed()).containsExactly(MANY);
        assertThat(pod.file("clients.crl")).isEqualTo(fleet.value("fleet-internal", "clients.crl"));
        fleet.connect(pod, STOLEN).close();
      }
      assertThat(operator.passes()).isPositive();
    }
  }
}
