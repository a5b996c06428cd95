package io.mqttoperator.operator.broker.certificates;

import static io.mqttoperator.operator.broker.Samples.NOW;
import static io.mqttoperator.operator.broker.Samples.at;
import static io.mqttoperator.operator.broker.Samples.defaults;
import static io.mqttoperator.operator.broker.Samples.nothing;
import static io.mqttoperator.operator.broker.Samples.profileWith;
import static io.mqttoperator.operator.broker.certificates.WrittenSecrets.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.pki.AuthorityProof;
import io.mqttoperator.operator.pki.KeyAlgorithm;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

public class SecretKeeperTest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));

  @Test
  void makesAllOfThemAtFirst() throws Exception {
    var made = keep(defaults(), nothing(), NOW);
    assertThat(made.issued())
        .containsExactly(
            "Made the certificate authority.",
            "Issued a server certificate: there was none.",
            "Made the internal certificate authority.");
    assertThat(made.internal().account().value()).matches("\\$mqtt-operator-[0-9a-f]{32}");
    assertThat(made.internal().salt().toBytes()).hasSize(32);
    requireSigned(made.server().pair(), made.authority().pair());
    requireSigned(made.internal().pod().pair(), made.internal().authority());
    requireSigned(made.internal().operator().pair(), made.internal().authority());
    assertThat(made.server().renewAt())
        .isEqualTo(made.server().pair().notAfter().minus(Duration.ofDays(30)));
    assertThat(made.renewAt(NOW)).isEqualTo(made.server().renewAt());
    assertThat(made.server().pair().certificate().getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactlyInAnyOrderElementsOf(defaults().names().serverDnsNames());
  }

  /** What signs is random each time: made again from the same facts it would be another. */
  @Test
  void keepsThemByteForByte() throws Exception {
    var made = keep(defaults(), nothing(), NOW);
    var kept = keep(defaults(), written(defaults(), made).seen(), TOMORROW);
    assertThat(kept.issued()).isEmpty();
    assertThat(written(defaults(), kept).data()).isEqualTo(written(defaults(), made).data());
  }

  @Test
  void renewsTheServerCertificateWhenItIsDueAndNotBefore() throws Exception {
    var made = keep(defaults(), nothing(), NOW);
    var stored = written(defaults(), made).seen();
    var due = made.server().renewAt();
    assertThat(keep(defaults(), stored, due.minusSeconds(1)).issued()).isEmpty();
    var renewed = keep(defaults(), stored, due);
    assertThat(renewed.issued())
        .containsExactly("Issued a server certificate: the old one would have ended soon.");
    assertThat(renewed.server().pair().keyPem()).isNotEqualTo(made.server().pair().keyPem());
    assertThat(renewed.authority().pair().certificatePem())
        .isEqualTo(made.authority().pair().certificatePem());
    requireSigned(renewed.server().pair(), made.authority().pair());
    assertThat(renewed.server().renewAt()).isAfter(due);
  }

  @Test
  void issuesTheServerCertificateAnewForWhatIsChanged() throws Exception {
    var made = keep(defaults(), nothing(), NOW);
    var stored = written(defaults(), made).seen();
    var reasons =
        Map.of(
            "generation: 2", "its generation was raised.",
            "additionalNames: [mqtt.example.com, 192.0.2.7]", "its names were changed.",
            "keyAlgorithm: EcdsaP384", "its key algorithm was changed.",
            "validity: 720h", "its validity was changed.");
    for (var reason : reasons.entrySet()) {
      var profile = profileWith("certificates: {server: {%s}}".formatted(reason.getKey()));
      var renewed = keep(profile, stored, TOMORROW);
      assertThat(renewed.issued())
          .containsExactly("Issued a server certificate: " + reason.getValue());
      assertThat(keep(profile, written(profile, renewed).seen(), TOMORROW).issued())
          .as("once")
          .isEmpty();
    }
  }

  @Test
  void makesTheNextAuthorityBeforeOneEnds() throws Exception {
    var made = keep(defaults(), nothing(), NOW);
    var due = made.authority().renewAt();
    assertThat(due).isEqualTo(made.authority().pair().notAfter().minus(Duration.ofDays(365)));
    var early = keep(defaults(), written(defaults(), made).seen(), due.minusSeconds(1));
    assertThat(early.generated().news()).isEmpty();
    var prepared = keep(defaults(), written(defaults(), made).seen(), due);
    assertThat(prepared.generated().news())
        .containsExactly(
            "Trust: made the next certificate authority, since the present one ends soon. It issues"
                + " when all pods trust it.");
    assertThat(prepared.authority().pair().keyPem()).isEqualTo(made.authority().pair().keyPem());
    assertThat(prepared.generated().authorities().newest().pair().notAfter())
        .isAfter(made.authority().pair().notAfter());
    requireSigned(prepared.server().pair(), made.authority().pair());
    var kept = keep(defaults(), written(defaults(), prepared).seen(), due.plusSeconds(60));
    assertThat(kept.generated().news()).isEmpty();
    assertThat(written(defaults(), kept).data()).isEqualTo(written(defaults(), prepared).data());
  }

  @Test
  void anotherKeyAlgorithmDoesNotReplaceAnAuthority() throws Exception {
    var made = keep(defaults(), nothing(), NOW);
    var profile = profileWith("certificates: {authority: {keyAlgorithm: Rsa2048, validity: 2h}}");
    var kept = keep(profile, written(defaults(), made).seen(), TOMORROW);
    assertThat(kept.issued()).isEmpty();
    assertThat(kept.authority().pair().certificatePem())
        .isEqualTo(made.authority().pair().certificatePem());
    assertThat(KeyAlgorithm.of(kept.authority().pair().certificate().getPublicKey()))
        .contains(KeyAlgorithm.ECDSA_P256);
  }

  /** A new one would lock out each client that trusts it. */
  @Test
  void doesNotReplaceAnAuthorityThatItCannotUse() throws Exception {
    var made = keep(defaults(), nothing(), NOW);
    var other = keep(defaults(), nothing(), NOW);
    for (var damage :
        List.<Map<String, byte[]>>of(
            Map.of("tls.crt", new byte[0], "tls.key", made.authority().pair().keyPem()),
            Map.of("tls.key", made.authority().pair().keyPem()),
            Map.of("tls.crt", made.authority().pair().certificatePem()),
            Map.of(
                "tls.crt", made.authority().pair().certificatePem(),
                "tls.key", other.authority().pair().keyPem()),
            Map.of(
                "tls.crt",
                made.server().pair().certificatePem(),
                "tls.key",
                made.server().pair().keyPem()))) {
      var secret = new SecretBlueprint(defaults()).authority(made);
      secret.setData(encoded(damage));
      assertThatThrownBy(() -> keep(defaults(), Samples.seen(secret, null, null, null), TOMORROW))
          .isInstanceOf(UnusableAuthority.class)
          .hasMessageStartingWith("Secret fleet-ca: ")
          .hasMessageEndingWith(
              ". If a newer operator has written it, upgrade again. Else restore it, or delete it to"
                  + " have a new authority, which clients must then learn to trust.");
    }
  }

  @Test
  void makesInternalOnesAnewWhereTheyCannotBeRead() throws Exception {
    var made = keep(defaults(), nothing(), NOW);
    var blueprint = new SecretBlueprint(defaults());
    var operator = blueprint.operator(made);
    operator.getData().put("ca.crt", "");
    var kept =
        keep(
            defaults(),
            Samples.seen(
                blueprint.authority(made),
                blueprint.server(made),
                operator,
                blueprint.internal(made)),
            TOMORROW);
    assertThat(kept.issued()).containsExactly("Made the internal certificate authority.");
    assertThat(kept.internal().account()).isEqualTo(made.internal().account());
    assertThat(kept.internal().salt()).isEqualTo(made.internal().salt());
    requireSigned(kept.internal().pod().pair(), kept.internal().authority());
    requireSigned(kept.internal().operator().pair(), kept.internal().authority());
    assertThat(kept.internal().revocations().pem())
        .isNotEqualTo(made.internal().revocations().pem());
  }

  @Test
  void aRetainedAuthorityHasNoOwnerAndOneThatIsNotHas() throws Exception {
    var made = keep(defaults(), nothing(), NOW);
    var retained = new SecretBlueprint(defaults()).authority(made).getMetadata();
    assertThat(retained.getOwnerReferences()).isNullOrEmpty();
    assertThat(retained.getLabels()).containsEntry(Labels.RETAINED_FOR, "fleet");
    var profile = profileWith("certificates: {authority: {retain: false}}");
    var owned = new SecretBlueprint(profile).authority(made).getMetadata();
    assertThat(owned.getOwnerReferences()).hasSize(1);
    assertThat(owned.getLabels()).doesNotContainKey(Labels.RETAINED_FOR);
  }

  public static BrokerSecrets keep(BrokerProfile profile, BrokerObservation seen, Instant now)
      throws UnusableAuthority {
    return new SecretKeeper(at(now), RANDOM).keep(profile, seen, AuthorityProof.NONE);
  }

  /** All that a new broker gets. */
  public static BrokerSecrets made(BrokerProfile profile) {
    try {
      return keep(profile, Samples.nothing(), NOW);
    } catch (UnusableAuthority impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static Map<String, String> encoded(Map<String, byte[]> data) {
    var encoded = new java.util.HashMap<String, String>();
    data.forEach((key, value) -> encoded.put(key, Base64.getEncoder().encodeToString(value)));
    return encoded;
  }

  private static void requireSigned(KeyAndCertificate leaf, KeyAndCertificate authority)
      throws GeneralSecurityException {
    leaf.certificate().verify(authority.certificate().getPublicKey());
  }
}
