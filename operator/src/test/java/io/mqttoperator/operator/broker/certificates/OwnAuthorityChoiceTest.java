package io.mqttoperator.operator.broker.certificates;

import static io.mqttoperator.operator.broker.Samples.defaults;
import static io.mqttoperator.operator.broker.Samples.profileWith;
import static io.mqttoperator.operator.broker.certificates.WrittenSecrets.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.OfferedSecret;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.pki.AuthorityProfile;
import io.mqttoperator.operator.pki.CertificateIssuer;
import io.mqttoperator.operator.pki.KeyAlgorithm;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which authority signs, whatever stands in the Secret that the spec refers to. */
public class OwnAuthorityChoiceTest {

  private static final BrokerProfile OWN =
      profileWith("certificates: {authority: {secretRef: {name: ca}}}");

  private final KeyAndCertificate authority = authority(Samples.NOW);

  @Test
  void itSignsTheServerCertificateAndIsWhatClientsTrust() throws Exception {
    var kept = keep(OWN, offered(authority), false, WrittenSecrets.NONE);
    requireSigned(kept, authority);
    assertThat(kept.own().problem()).isEmpty();
    assertThat(kept.own().authorities().problem()).isEmpty();
    assertThat(kept.issued()).contains("Took the certificate authority of Secret ca.");
    assertThat(new SecretBlueprint(OWN).trust(kept).getData().get("ca.crt"))
        .isEqualTo(new String(authority.certificatePem(), StandardCharsets.US_ASCII));
    assertThat(kept.own().allWarnings())
        .singleElement()
        .asString()
        .contains("can sign a certificate for any name");
    assertThat(kept.generated().authorities().issuing().pair().serialHex())
        .isNotEqualTo(authority.serialHex());
  }

  @Test
  void theGeneratedOneIsKeptForTheWayBack() throws Exception {
    var before = keep(defaults(), new OfferedSecret.Absent(), false, WrittenSecrets.NONE);
    var own = keep(OWN, offered(authority), true, written(defaults(), before));
    assertThat(own.issued()).contains("Issued a server certificate: the authority is another.");
    requireSigned(own, authority);
    var back = keep(defaults(), offered(authority), true, written(OWN, own));
    requireSigned(back, before.authority().pair());
    var stored = new SecretBlueprint(defaults()).authority(back).getData();
    assertThat(stored)
        .containsOnlyKeys(
            "tls.crt",
            "tls.key",
            "own-former-0.crt",
            "own-former-0.key",
            "own-former-0-ca.crt",
            "own-formers",
            "own-path.crt");
    // What is stored is what the next pass goes on with.
    var again = keep(defaults(), offered(authority), true, written(defaults(), back));
    assertThat(new SecretBlueprint(defaults()).authority(again).getData()).isEqualTo(stored);
    assertThat(again.server().pair().serialHex()).isEqualTo(back.server().pair().serialHex());
  }

  /** The first pass of a new broker makes an authority, which nobody has seen. */
  @Test
  void whatNoPodHasHadIsNotTrusted() throws Exception {
    var waiting = keep(OWN, new OfferedSecret.Absent(), false, WrittenSecrets.NONE);
    var served = keep(OWN, offered(authority), false, written(OWN, waiting));
    assertThat(served.formers().all()).isEmpty();
    assertThat(new SecretBlueprint(OWN).trust(served).getData().get("ca.crt"))
        .isEqualTo(new String(authority.certificatePem(), StandardCharsets.US_ASCII));
  }

  /** To sign with another would lock all devices out. */
  @Test
  void aLastGoodOneThatCannotBeReadIsSaid() throws Exception {
    var good = keep(OWN, offered(authority), false, WrittenSecrets.NONE);
    var written = written(OWN, good).withDamaged("own.key");
    assertThatThrownBy(() -> keep(OWN, new OfferedSecret.Absent(), true, written))
        .isInstanceOf(UnusableAuthority.class)
        .hasMessageContaining("Secret fleet-ca: the private key");
    var mended = keep(OWN, offered(authority), true, written);
    requireSigned(mended, authority);
    assertThat(mended.formers().all()).isEmpty();
  }

  /** To trust it no longer would lock devices out, and nobody would know why. */
  @Test
  void aFormerOneThatCannotBeReadIsSaid() throws Exception {
    var first = keep(OWN, offered(authority), false, WrittenSecrets.NONE);
    var second = keep(OWN, offered(authority(Samples.NOW)), true, written(OWN, first));
    var written = written(OWN, second).withDamaged("own-former-0.key");
    assertThatThrownBy(() -> keep(OWN, offered(authority), true, written))
        .isInstanceOf(UnusableAuthority.class)
        .hasMessageContaining("Secret fleet-ca: own-former-0.crt: ");
  }

  @Test
  void theLastGoodOneSignsOn() throws Exception {
    var good = keep(OWN, offered(authority), false, WrittenSecrets.NONE);
    var mismatched = new KeyAndCertificate(authority(Samples.NOW).key(), authority.chain());
    for (var bad :
        Map.of(
                new OfferedSecret.Absent(),
                Reason.SECRET_NOT_FOUND,
                offered(mismatched),
                Reason.INVALID_CERTIFICATE)
            .entrySet()) {
      var kept = keep(OWN, bad.getKey(), true, written(OWN, good));
      assertThat(kept.own().refusal()).isEmpty();
      assertThat(kept.own().accepted(Verdict.yes(Reason.ACCEPTED, "")).reason())
          .isEqualTo(bad.getValue());
      requireSigned(kept, authority);
      assertThat(kept.issued()).isEmpty();
      var waiting = keep(OWN, bad.getKey(), false, WrittenSecrets.NONE);
      assertThat(waiting.own().refusal().orElseThrow().reason()).isEqualTo(bad.getValue());
    }
  }

  @Test
  void anotherOneIssuesAnew() throws Exception {
    var good = keep(OWN, offered(authority), false, WrittenSecrets.NONE);
    var other = authority(Samples.NOW);
    var kept = keep(OWN, offered(other), true, written(OWN, good));
    requireSigned(kept, other);
    assertThat(kept.issued())
        .contains(
            "Took the certificate authority of Secret ca.",
            "Issued a server certificate: the authority is another.");
  }

  /** It can sign nothing that anybody accepts, and a pass must not fail for that. */
  @Test
  void oneThatHasEndedIsSaidAndWhatItSignedIsServedOn() throws Exception {
    var good = keep(OWN, offered(authority), false, WrittenSecrets.NONE);
    var later = Samples.NOW.plus(Duration.ofDays(4000));
    var kept = keep(OWN, offered(authority), true, written(OWN, good), later);
    assertThat(kept.server().pair().serialHex()).isEqualTo(good.server().pair().serialHex());
    assertThat(kept.own().ready(later).reason()).isEqualTo(Reason.INVALID_CERTIFICATE);
    assertThat(kept.own().authorities().problem().orElseThrow().message()).contains("ended at");
    assertThat(keep(OWN, offered(authority), true, written(OWN, good).authorityAlone(), later))
        .as("without a server certificate")
        .isNotNull();
  }

  /** As when cert-manager is told to write into {@code fleet-ca}: the operator would undo it. */
  @Test
  void aSecretThatTheOperatorMakesForTheBrokerIsNotTaken() throws Exception {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName("ca")
            .withLabels(Labels.of("fleet", "authority"))
            .addToLabels(Labels.CREDENTIALS, "true")
            .endMetadata()
            .addToData("tls.crt", StoredSecret.encode(authority.certificatePem()))
            .addToData("tls.key", StoredSecret.encode(authority.keyPem()))
            .build();
    var kept = keep(OWN, OfferedSecret.of(secret, "fleet"), false, WrittenSecrets.NONE);
    assertThat(kept.own().refusal().orElseThrow().reason()).isEqualTo(Reason.NAME_TAKEN);
    // Another broker's may be taken over with its authority.
    var others = keep(OWN, OfferedSecret.of(secret, "plant"), false, WrittenSecrets.NONE);
    requireSigned(others, authority);
  }

  public static KeyAndCertificate authority(Instant now) {
    return new CertificateIssuer(Samples.at(now), new SecureRandom())
        .createAuthority(
            new AuthorityProfile("somebody's CA", KeyAlgorithm.ECDSA_P256, Duration.ofDays(3650)));
  }

  private static void requireSigned(BrokerSecrets secrets, KeyAndCertificate by) throws Exception {
    secrets.server().pair().certificate().verify(by.certificate().getPublicKey());
  }

  private static OfferedSecret offered(KeyAndCertificate pair) {
    return OfferedSecret.of(
        new SecretBuilder()
            .withNewMetadata()
            .withName("ca")
            .addToLabels(Labels.CREDENTIALS, "true")
            .endMetadata()
            .addToData("tls.crt", StoredSecret.encode(pair.certificatePem()))
            .addToData("tls.key", StoredSecret.encode(pair.keyPem()))
            .build());
  }

  /** What a broker has that took this authority of its owner's. */
  public static BrokerSecrets taken(KeyAndCertificate authority) throws Exception {
    return keep(OWN, offered(authority), false, WrittenSecrets.NONE);
  }

  private static BrokerSecrets keep(
      BrokerProfile profile, OfferedSecret ca, boolean runs, WrittenSecrets written)
      throws Exception {
    return keep(profile, ca, runs, written, Samples.NOW);
  }

  private static BrokerSecrets keep(
      BrokerProfile profile, OfferedSecret ca, boolean runs, WrittenSecrets written, Instant now)
      throws Exception {
    return SecretKeeperTest.keep(
        profile,
        written.seen(
            runs ? Optional.of(new StatefulSetBuilder().build()) : Optional.empty(),
            new StoredSecret(null),
            Map.of("ca", ca)),
        now);
  }
}
