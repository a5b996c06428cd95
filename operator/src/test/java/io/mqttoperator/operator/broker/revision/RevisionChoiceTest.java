package io.mqttoperator.operator.broker.revision;

import static io.mqttoperator.operator.broker.Samples.NOW;
import static io.mqttoperator.operator.broker.Samples.profileWith;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.certificates.SecretKeeperTest;
import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RevisionChoiceTest {

  private static final AccessPlan NOBODY =
      AccessPlan.of(List.of(), List.of(), Tenancy.none("plant"));
  private static final Optional<Verdict> REFUSED =
      Optional.of(Verdict.no(Reason.TOO_LARGE, "too large"));

  /** What an older operator wrote, with a line that this one would not write. */
  private static final String OLDER = "# of long ago\nlistener 8883\n";

  @Test
  void anAcceptedSpecGivesItsOwnConfiguration() throws Exception {
    var choice = choose(stored(OLDER), Optional.empty());
    assertThat(text(choice, "mosquitto.conf")).contains("listener 1999").doesNotContain("long ago");
    assertThat(choice.isNew(stored(OLDER))).isTrue();
  }

  /** An upgrade of the operator must not stop revocations while an image is being tried. */
  @Test
  void aRefusedSpecKeepsTheStoredConfigurationWhateverItsLinesAre() throws Exception {
    var choice = choose(stored(OLDER), REFUSED);
    assertThat(text(choice, "mosquitto.conf")).isEqualTo(OLDER);
    assertThat(text(choice, "requirements")).isEqualTo("file_descriptors 7\n");
    assertThat(choice.refusal()).isEqualTo(REFUSED);
  }

  @Test
  void withNothingStoredThereIsNothingToKeep() throws Exception {
    assertThat(text(choose(Samples.nothing(), REFUSED), "mosquitto.conf"))
        .contains("listener 1999");
  }

  @Test
  void theStoredRevisionTakesRenewedCertificates() throws Exception {
    var first = choose(Samples.nothing(), Optional.empty()).files();
    var secrets = SecretKeeperTest.keep(Samples.defaults(), Samples.nothing(), NOW);
    var blueprint = new SecretBlueprint(Samples.defaults());
    var seen =
        seen(
            blueprint.files(first),
            List.of(blueprint.shard(0, first.shards().firstEntry().getValue())));
    var renewed = RevisionSecrets.renewed(seen, secrets).orElseThrow();
    assertThat(renewed.revision()).isNotEqualTo(first.revision());
    assertThat(renewed.revision().files().keySet()).isEqualTo(first.revision().files().keySet());
    assertThat(renewed.revision().files().get("server.crt"))
        .isEqualTo(secrets.server().pair().certificatePem());
    assertThat(renewed.revision().files().get("password-0"))
        .isEqualTo(first.revision().files().get("password-0"));
    assertThat(RevisionSecrets.renewed(stored(OLDER), secrets)).as("not whole").isEmpty();
  }

  private RevisionChoice choose(BrokerObservation seen, Optional<Verdict> refusal)
      throws Exception {
    var profile = profileWith("listeners: [{name: one, port: 1999}]");
    var secrets = SecretKeeperTest.keep(profile, Samples.nothing(), NOW);
    return RevisionChoice.of(
        profile, secrets, NOBODY, new AccessRenderer(), Set.of(), seen, needs -> refusal);
  }

  private static String text(RevisionChoice choice, String file) {
    return new String(choice.files().revision().files().get(file), US_ASCII);
  }

  private static BrokerObservation stored(String configuration) {
    var files =
        new SecretBuilder()
            .withNewMetadata()
            .withName("fleet-files")
            .endMetadata()
            .addToData("mosquitto.conf", base64(configuration))
            .addToData("requirements", base64("file_descriptors 7\n"))
            .build();
    return seen(files, List.of());
  }

  private static BrokerObservation seen(Secret files, List<Secret> shards) {
    var nothing = Samples.nothing();
    return new BrokerObservation(
        nothing.key(),
        nothing.broker(),
        nothing.tenancy(),
        nothing.users(),
        nothing.acls(),
        nothing.authority(),
        nothing.server(),
        nothing.operator(),
        nothing.internal(),
        new StoredSecret(files),
        shards,
        nothing.existing(),
        nothing.statefulSet(),
        nothing.pods(),
        nothing.imageTrial(),
        nothing.claims(),
        Map.of());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
  }
}
