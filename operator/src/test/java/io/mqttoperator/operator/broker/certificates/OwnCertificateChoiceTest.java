package io.mqttoperator.operator.broker.certificates;

import static io.mqttoperator.operator.broker.Samples.defaults;
import static io.mqttoperator.operator.broker.Samples.profileWith;
import static io.mqttoperator.operator.broker.certificates.WrittenSecrets.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.mqttoperator.operator.access.CredentialKind;
import io.mqttoperator.operator.broker.clients.UserSecretBlueprint;
import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.OfferedSecret;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.testing.OpensslAuthority;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which server certificate is shown, whatever stands in the Secret that the spec refers to. */
class OwnCertificateChoiceTest {

  private static final BrokerProfile SERVER =
      profileWith("certificates: {server: {secretRef: {name: web}}}");
  private static final BrokerProfile LISTENER =
      profileWith(
          """
          listeners:
            - {name: mqtts, port: 8883}
            - {name: public, port: 8885, tls: {secretRef: {name: web}}}
          """);
  private static final StatefulSet RUNNING = new StatefulSetBuilder().build();

  @TempDir Path folder;
  private OpensslAuthority authority;
  private OpensslAuthority.Leaf first;
  private OpensslAuthority.Leaf second;
  private Instant now;

  @BeforeEach
  void make() {
    authority = new OpensslAuthority(folder, "somebody's CA");
    first = authority.server("fleet.plant.svc.cluster.local");
    second = authority.server("mqtt.example.org");
    now = Instant.now();
  }

  /** What may stand in the Secret instead of a good certificate. */
  private enum Bad {
    ABSENT(Reason.SECRET_NOT_FOUND),
    NOT_LABELLED(Reason.SECRET_NOT_LABELLED),
    NO_KEY(Reason.SECRET_KEY_MISSING),
    MISMATCHED(Reason.INVALID_CERTIFICATE);

    private final Reason reason;

    Bad(Reason reason) {
      this.reason = reason;
    }
  }

  private OfferedSecret bad(Bad what) {
    return switch (what) {
      case ABSENT -> new OfferedSecret.Absent();
      case NOT_LABELLED -> OfferedSecret.of(secret(Map.of(), data(first)));
      case NO_KEY -> OfferedSecret.of(offered(Map.of("tls.crt", first.certificatePem())));
      case MISMATCHED ->
          OfferedSecret.of(
              offered(Map.of("tls.crt", first.certificatePem(), "tls.key", second.keyPem())));
    };
  }

  @ParameterizedTest
  @EnumSource
  void aNewBrokerWaitsForItsCertificate(Bad what) throws Exception {
    for (var profile : List.of(SERVER, LISTENER)) {
      var kept = keep(profile, seen(bad(what)));
      assertThat(kept.own().refusal().orElseThrow().reason()).isEqualTo(what.reason);
      assertThat(kept.own().refusal().orElseThrow().message())
          .contains("secretRef: ", "Secret web");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLastGoodOneIsServedOn(Bad what) throws Exception {
    for (var profile : List.of(SERVER, LISTENER)) {
      var good = keep(profile, seen(good(first)));
      assertThat(good.own().problem()).isEmpty();
      assertThat(good.issued()).contains("Took the server certificate of Secret web.");

      var kept = keep(profile, seen(bad(what), written(profile, good)));

      assertThat(kept.own().refusal()).isEmpty();
      assertThat(kept.own().problem().orElseThrow().reason()).isEqualTo(what.reason);
      assertThat(kept.own().problem().orElseThrow().message())
          .contains("The last good one (serial " + serial(first) + ") is served");
      assertThat(kept.issued()).isEmpty();
      assertThat(written(profile, kept)).isEqualTo(written(profile, good));
      assertThat(RevisionSecrets.internal(kept)).hasSameSizeAs(RevisionSecrets.internal(good));
    }
  }

  @Test
  void aRunningBrokerGoesOnWithTheIssuedOneUntilItsOwnCanBeUsed() throws Exception {
    var issued = keep(defaults(), seen(new OfferedSecret.Absent()));
    var written = written(defaults(), issued);
    var kept = keep(SERVER, seen(bad(Bad.ABSENT), written));
    assertThat(kept.own().refusal()).isEmpty();
    assertThat(kept.own().problem()).isPresent();
    assertThat(kept.server().pair().serialHex()).isEqualTo(issued.server().pair().serialHex());

    var own = keep(SERVER, seen(good(first), written));
    assertThat(own.server().pair().serialHex()).isEqualTo(serial(first));
    assertThat(own.own().accepted(kept.own().problem().orElseThrow()).reason())
        .isEqualTo(Reason.SECRET_NOT_FOUND);

    var back = keep(defaults(), seen(good(first), written(SERVER, own)));
    assertThat(back.issued()).contains("Issued a server certificate: the authority is another.");
  }

  @Test
  void clientsAreToldToTrustWhatVerifiesTheirListener() throws Exception {
    var own = keep(SERVER, seen(good(first)));
    assertThat(trust(SERVER, own)).isEqualTo(authority.certificatePem());

    var mixed = keep(LISTENER, seen(good(first)));
    var generated = new String(mixed.authority().pair().certificatePem(), StandardCharsets.UTF_8);
    assertThat(trust(LISTENER, mixed)).isEqualTo(generated + authority.certificatePem());
    assertThat(new String(mixed.trust(LISTENER.listeners().getFirst()), StandardCharsets.UTF_8))
        .isEqualTo(generated);
    assertThat(new String(mixed.trust(LISTENER.listeners().getLast()), StandardCharsets.UTF_8))
        .isEqualTo(authority.certificatePem());

    var data = new HashMap<>(data(first));
    data.remove("ca.crt");
    var publicly = keep(SERVER, seen(OfferedSecret.of(offered(data))));
    assertThat(new SecretBlueprint(SERVER).trust(publicly).getData()).isEmpty();
    assertThat(new SecretBlueprint(SERVER).server(publicly).getData()).doesNotContainKey("ca.crt");
    var held = Set.of(CredentialKind.PASSWORD);
    assertThat(UserSecretBlueprint.Endpoint.of(SERVER, publicly::trust, held).trust()).isEmpty();
    assertThat(publicly.own().warnings()).singleElement().asString().contains("has no ca.crt");
  }

  @Test
  void saysWhatIsAllowedButNotWell() throws Exception {
    assertThat(keep(SERVER, seen(good(first))).own().warnings())
        .as("valid for a day, of which a quarter is not over")
        .isEmpty();
    assertThat(keep(SERVER, seen(good(second))).own().warnings())
        .singleElement()
        .asString()
        .contains("does not name fleet.plant.svc.cluster.local", "listener mqtts");
    var soon = now.plus(Duration.ofHours(20));
    var late = keep(SERVER, seen(good(first)), soon).own();
    assertThat(late.warnings()).singleElement().asString().contains("ends at");
    assertThat(late.looks(soon)).allMatch(look -> look.isAfter(soon)).hasSize(1);
    assertThat(late.ready(soon).isTrue()).isTrue();
  }

  @Test
  void oneThatEndsIsServedOnAndSaidSo() throws Exception {
    var good = keep(SERVER, seen(good(first)));
    var later = now.plus(Duration.ofHours(25));
    var kept = keep(SERVER, seen(good(first), written(SERVER, good)), later);
    assertThat(kept.server().pair().serialHex()).isEqualTo(serial(first));
    assertThat(kept.own().problem().orElseThrow().message()).contains("ended at");
    assertThat(kept.own().ready(later).reason()).isEqualTo(Reason.INVALID_CERTIFICATE);
    assertThat(kept.own().looks(later)).isEmpty();
  }

  /** Until their turn, pods have a configuration that names the file. */
  @Test
  void whatAnEarlierConfigurationNamesStays() throws Exception {
    var good = keep(LISTENER, seen(good(first)));
    var written = written(LISTENER, good);
    var file = RevisionFiles.listenerCertificate("public");
    assertThat(RevisionSecrets.internal(good)).containsKey(file);
    for (var configuration : List.of("mosquitto.conf", "mosquitto.conf-" + "0".repeat(32))) {
      var files = Map.of(configuration, LISTENER.configuration().render());
      var kept = keep(defaults(), seen(good(first), files, written));
      assertThat(RevisionSecrets.internal(kept)).containsKeys(file, file.replace(".crt", ".key"));
      assertThat(kept.own().listeners()).isEmpty();
    }
    var newest = Map.of("mosquitto.conf", defaults().configuration().render());
    assertThat(RevisionSecrets.internal(keep(defaults(), seen(good(first), newest, written))))
        .doesNotContainKey(file);
  }

  private BrokerSecrets keep(BrokerProfile profile, BrokerObservation seen) throws Exception {
    return keep(profile, seen, now);
  }

  private static BrokerSecrets keep(BrokerProfile profile, BrokerObservation seen, Instant now)
      throws Exception {
    return SecretKeeperTest.keep(profile, seen, now);
  }

  private OfferedSecret good(OpensslAuthority.Leaf leaf) {
    return OfferedSecret.of(offered(data(leaf)));
  }

  private Map<String, String> data(OpensslAuthority.Leaf leaf) {
    return Map.of(
        "tls.crt", leaf.certificatePem(),
        "tls.key", leaf.keyPem(),
        "ca.crt", authority.certificatePem());
  }

  private static Secret offered(Map<String, String> data) {
    return secret(Map.of(Labels.CREDENTIALS, "true"), data);
  }

  private static Secret secret(Map<String, String> labels, Map<String, String> data) {
    var encoded = new HashMap<String, String>();
    data.forEach((key, value) -> encoded.put(key, StoredSecret.encode(value)));
    return new SecretBuilder()
        .withNewMetadata()
        .withName("web")
        .withLabels(labels)
        .endMetadata()
        .withData(encoded)
        .build();
  }

  /** Of a broker that is new. */
  private static BrokerObservation seen(OfferedSecret web) {
    return seen(web, Optional.empty(), Map.of(), WrittenSecrets.NONE);
  }

  /** Of one that runs. */
  private static BrokerObservation seen(OfferedSecret web, WrittenSecrets written) {
    return seen(web, Map.of(), written);
  }

  private static BrokerObservation seen(
      OfferedSecret web, Map<String, byte[]> files, WrittenSecrets written) {
    return seen(web, Optional.of(RUNNING), files, written);
  }

  private static BrokerObservation seen(
      OfferedSecret web,
      Optional<StatefulSet> set,
      Map<String, byte[]> files,
      WrittenSecrets written) {
    var data = new HashMap<String, String>();
    files.forEach((name, content) -> data.put(name, StoredSecret.encode(content)));
    return written.seen(
        set, new StoredSecret(new SecretBuilder().withData(data).build()), Map.of("web", web));
  }

  private static String trust(BrokerProfile profile, BrokerSecrets secrets) {
    return new SecretBlueprint(profile).trust(secrets).getData().getOrDefault("ca.crt", "");
  }

  private static String serial(OpensslAuthority.Leaf leaf) {
    var hex = leaf.certificate().getSerialNumber().toString(16);
    return hex.length() % 2 == 0 ? hex : "0" + hex;
  }
}
