package io.mqttoperator.operator.broker.revision;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.operator.access.ClientCertificate;
import io.mqttoperator.operator.access.FollowedName;
import io.mqttoperator.operator.access.OwnPreSharedKey;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.SeenPreSharedKey;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserObservation.WrittenPassword;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.clients.CertificatePass;
import io.mqttoperator.operator.broker.clients.CredentialRules;
import io.mqttoperator.operator.broker.observation.OwnSecret;
import io.mqttoperator.operator.broker.observation.PreSharedKeyObserver;
import io.mqttoperator.operator.broker.observation.UserObserver;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.pki.CertificateLedger;
import io.mqttoperator.operator.pki.CommonName;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.KeylessCertificate;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.pki.LedgerFile;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Users of each kind of credential, with hostile strings in their manifests, Secrets, and statuses,
 * and what a pass decides on them.
 */
final class HostileUsers {

  private static final Set<ClientAuthentication> LISTENERS = Set.of(ClientAuthentication.values());

  private static final String PASSWORD = "correct horse";
  private static final String GENERATED = "b".repeat(43);
  private static final String KEY = "00112233445566778899aabbccddeeff";
  private static final String HASH =
      PasswordHash.pbkdf2(PASSWORD.getBytes(UTF_8), new byte[12], 1).value();

  private static final List<String> CREDENTIALS =
      List.of(
          "password: {secretRef: {name: own, key: password}, generation: 1}",
          "password: {secretRef: {name: own, key: hash, format: MosquittoHash}}",
          "password: {secretRef: {name: own, key: password, usernameKey: username}}",
          "preSharedKey: {secretRef: {name: own, key: psk}}",
          "certificate: {csr: '@', validity: 2160h, renewBefore: 720h, keyAlgorithm: EcdsaP256}",
          "certificate: {keyRotation: Never}, password: {}, preSharedKey: {generation: 1}");

  private final HostileStrings hostile;
  private final int oneIn;
  private final List<MqttUser> manifests;

  /**
   * @param request a certificate signing request without a name
   * @param oneIn of so many strings of a manifest one is replaced
   */
  HostileUsers(HostileStrings hostile, String request, int oneIn) {
    this.hostile = hostile;
    this.oneIn = oneIn;
    this.manifests =
        IntStream.range(0, 4 * CREDENTIALS.size())
            .mapToObj(number -> manifest(number, request))
            .toList();
  }

  private static MqttUser manifest(int number, String request) {
    var credential = CREDENTIALS.get(number % CREDENTIALS.size());
    var isNamed = credential.contains("usernameKey");
    return Samples.YAML.unmarshal(
        """
            apiVersion: mqttoperator.io/v1alpha1
            kind: MqttUser
            metadata:
              namespace: plant
              name: alice-%1$d
              uid: u%1$d
              labels: {line-key: one, site-key: north}
              annotations: {some-key: text}
            spec: {brokerRef: {name: fleet, namespace: plant},%2$s
              secret: {name: alice-mqtt, labels: {team-key: a}, annotations: {other-key: b}},
              %3$s}
            status: {username: Alice.%1$d@x, pendingUsername: Alice.%1$d@x}
            """
            .formatted(
                number,
                isNamed ? "" : " username: Alice.%d@x,".formatted(number),
                credential.replace("'@'", '"' + request.replace("\n", "\\n") + '"')),
        MqttUser.class);
  }

  /** Other ones each time. */
  List<UserDecision> decided() {
    var claims = new HashMap<String, MqttUser>();
    var decided = new ArrayList<UserDecision>();
    var certificates =
        new CertificatePass(
            CompiledAccess.SECRETS,
            () -> secret(Map.of("tls.crt", "", "tls.key", "")),
            Samples.at(Samples.NOW));
    for (var manifest : manifests) {
      var user = hostile.in(manifest, oneIn).orElse(manifest);
      user.getMetadata().setUid("uid-" + decided.size());
      var decision =
          CredentialRules.decide(seen(user, claims, decided.size()), LISTENERS, StoredHashes.NONE);
      if (user.getSpec().certificate() == null) {
        decided.add(decision);
      } else {
        var certified = certificates.decide(decision);
        requireCertificate(certified);
        decided.add(certified);
      }
    }
    requireLedger(certificates.ledger());
    return decided;
  }

  /** As {@link UserObserver} reads it from the caches. */
  private UserObservation seen(MqttUser user, Map<String, MqttUser> claims, int number) {
    var own =
        secret(
            Map.of(
                "password", PASSWORD,
                "hash", HASH,
                "psk", KEY,
                "username", "Alice.%d@x".formatted(number)));
    var password = user.getSpec().password();
    var reference = Optional.ofNullable(password == null ? null : password.secretRef());
    var name =
        reference.filter(any -> FollowedName.isAskedFor(user)).map(at -> name(user, own, at));
    var claimed =
        name.flatMap(found -> found.held().or(found.asked()::name))
            .orElseGet(() -> UserObservation.usernameOf(user));
    return new UserObservation(
        user,
        claims.computeIfAbsent(claimed, any -> user),
        new Standing.Member(),
        reference.map(at -> OwnSecret.read(own, at)),
        Optional.of(new WrittenPassword(new SecretBytes(hostile.bytes(GENERATED)), 1)),
        name,
        key(user, own));
  }

  /** Half of them as they are once they have the name that they ask for. */
  private FollowedName name(MqttUser user, Secret own, PasswordSecretRef reference) {
    var name =
        new FollowedName(
            FollowedName.heldBy(user), Optional.empty(), OwnSecret.name(own, reference));
    return hostile.coin() ? name.settled() : name;
  }

  private SeenPreSharedKey key(MqttUser user, Secret own) {
    var asked = user.getSpec().preSharedKey();
    if (asked == null) {
      return SeenPreSharedKey.NONE;
    }
    return new SeenPreSharedKey(
        Optional.ofNullable(asked.secretRef())
            .<OwnPreSharedKey>map(at -> PreSharedKeyObserver.read(own, at)),
        Optional.of(new SeenPreSharedKey.Written(new SecretBytes(hostile.bytes(KEY + KEY)), 1)));
  }

  private Secret secret(Map<String, String> good) {
    var data = new HashMap<String, String>();
    good.forEach(
        (key, value) -> data.put(key, Base64.getEncoder().encodeToString(hostile.bytes(value))));
    return new SecretBuilder()
        .withNewMetadata()
        .withName("own")
        .withResourceVersion("7")
        .endMetadata()
        .withData(data)
        .build();
  }

  /** It is for the username, whatever the request asks for. */
  private static void requireCertificate(UserDecision decision) {
    if (decision.certificate() instanceof ClientCertificate.Issued issued) {
      try {
        var pem = Objects.requireNonNull(issued.files().get("tls.crt")).toBytes();
        assertThat(new String(pem, US_ASCII)).doesNotContain("PRIVATE");
        assertThat(CommonName.of(KeylessCertificate.parse(pem).certificate()))
            .isEqualTo(decision.seen().username());
      } catch (InvalidCertificateException unreadable) {
        throw new AssertionError(unreadable);
      }
    }
  }

  private static void requireLedger(CertificateLedger ledger) {
    try {
      var first = new LedgerFile(1, ledger.shard(0));
      assertThat(first.entries()).as("all are in the first file").hasSize(ledger.entries().size());
      assertThat(LedgerFile.parse(0, first.render())).isEqualTo(first);
    } catch (InvalidCertificateException unreadable) {
      throw new AssertionError(unreadable);
    }
    assertThat(ledger.entries().values())
        .allMatch(entry -> entry.state() == LedgerEntry.State.ISSUED);
  }
}
