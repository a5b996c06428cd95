package io.mqttoperator.operator.broker;

import static io.mqttoperator.operator.broker.Samples.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.CredentialKind;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserObservation.WrittenPassword;
import io.mqttoperator.operator.broker.certificates.SecretKeeperTest;
import io.mqttoperator.operator.broker.clients.UserSecretBlueprint;
import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.revision.AccessRenderer;
import io.mqttoperator.operator.broker.revision.Starts;
import io.mqttoperator.operator.broker.status.BrokerFindings;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.UserAccess;
import io.mqttoperator.operator.mosquitto.Username;
import io.mqttoperator.operator.pki.StoredCertificate;
import java.math.BigInteger;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Whatever is logged, by whomever: no value prints a secret that it holds. */
class SecretsInTextTest {

  @Property(tries = 100)
  void noValuePrintsAPassword(@ForAll @AlphaChars @StringLength(min = 12, max = 40) String text) {
    var bytes = new SecretBytes(text.getBytes(UTF_8));
    var user = new MqttUser();
    user.getMetadata().setNamespace("plant");
    user.getMetadata().setName("alice");
    user.getMetadata().setUid("u1");
    user.setSpec(
        new MqttUserSpec(
            new BrokerRef("fleet", null),
            null,
            null,
            new UserPassword(new PasswordSecretRef("own", null, null), null),
            null));
    var own = new OwnPassword.Found(bytes, "7");
    var written = new WrittenPassword(bytes, 1);
    var observed =
        new UserObservation(
            user, user, new Standing.Member(), Optional.of(own), Optional.of(written));
    var accepted = Verdict.yes(Reason.ACCEPTED, "Valid.");
    var decided = new UserDecision(observed, accepted, new Password.Own(bytes, "7"));
    var hash = PasswordHash.pbkdf2(text.getBytes(UTF_8), new byte[12], 1);
    var secret =
        UserSecretBlueprint.of(
            decided,
            Optional.of(bytes),
            UserSecretBlueprint.Endpoint.of(
                Samples.defaults(),
                listener -> "CA".getBytes(UTF_8),
                Set.of(CredentialKind.PASSWORD)));
    var values =
        List.of(
            bytes,
            own,
            written,
            observed,
            decided,
            new Password.Generated(bytes, 1),
            new Password.LastGood(bytes),
            new Password.OwnHash(hash, "7"),
            new Password.LastGoodHash(hash),
            new OwnPassword.Found(new SecretBytes(hash.value().getBytes(UTF_8)), "7", true),
            hash,
            new UserAccess(new Username("alice"), hash, List.of()),
            AccessPlan.of(List.of(decided), List.of(), Tenancy.none("plant")),
            new StoredSecret(secret),
            Samples.seen(secret, secret, secret, secret));
    for (var value : values) {
      requireSilent(value, text.getBytes(UTF_8));
      assertThat(String.valueOf(value)).doesNotContain(hash.value().substring(10, 40));
    }
  }

  @Test
  void noValuePrintsAKey() throws Exception {
    var secrets = SecretKeeperTest.keep(Samples.defaults(), Samples.nothing(), NOW);
    var blueprint = new SecretBlueprint(Samples.defaults());
    var files =
        new AccessRenderer()
            .render(
                Samples.defaults().configuration(),
                Starts.NONE,
                secrets,
                AccessPlan.of(List.of(), List.of(), Tenancy.none("plant")),
                1,
                0);
    var found =
        new BrokerFindings(
            Optional.of(Samples.defaults()),
            Verdict.yes(Reason.ACCEPTED, "Valid."),
            Verdict.yes(Reason.ISSUED, "Issued."),
            Optional.of(secrets),
            Optional.of(files),
            0,
            new Enforcement.Proven(),
            Verdict.yes(Reason.READY, "Joined."),
            Map.of(),
            Optional.empty());
    var values =
        List.of(
            secrets,
            secrets.internal().ofOperator(),
            secrets.internal().saltKey(),
            secrets.authority(),
            new StoredCertificate.Usable(secrets.server().pair(), 1),
            new StoredSecret(blueprint.operator(secrets)),
            Samples.seen(blueprint.authority(secrets), null, blueprint.operator(secrets), null),
            files,
            files.revision(),
            found,
            new ResourceKey("plant", "fleet"));
    for (var value : values) {
      requireSilent(value, secrets.internal().salt().toBytes());
      for (var pair :
          List.of(
              secrets.authority().pair(),
              secrets.server().pair(),
              secrets.internal().authority(),
              secrets.internal().operator().pair(),
              secrets.internal().pod().pair())) {
        var scalar = ((ECPrivateKey) pair.key()).getS();
        requireSilent(value, scalar.toByteArray());
        requireSilent(value, pair.keyPem());
        assertThat(value.toString()).doesNotContain(scalar.toString());
      }
    }
  }

  /** In none of the forms that a byte array is shown in. */
  private static void requireSilent(Object value, byte[] secret) {
    var forms = new ArrayList<String>();
    forms.add(new String(secret, UTF_8));
    forms.add(Base64.getEncoder().withoutPadding().encodeToString(secret));
    forms.add(HexFormat.of().formatHex(secret));
    forms.add(Arrays.toString(secret));
    forms.add(new BigInteger(1, secret).toString());
    for (var form : forms) {
      assertThat(Objects.toString(value).contains(form)).as(value.getClass().getName()).isFalse();
    }
  }
}
