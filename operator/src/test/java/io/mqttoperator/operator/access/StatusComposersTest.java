package io.mqttoperator.operator.access;

import static io.mqttoperator.operator.access.Samples.CLOCK;
import static io.mqttoperator.operator.access.Samples.acl;
import static io.mqttoperator.operator.access.Samples.allow;
import static io.mqttoperator.operator.access.Samples.decided;
import static io.mqttoperator.operator.access.Samples.disabled;
import static io.mqttoperator.operator.access.Samples.named;
import static io.mqttoperator.operator.access.Samples.secret;
import static io.mqttoperator.operator.access.Samples.seen;
import static io.mqttoperator.operator.access.Samples.user;
import static io.mqttoperator.operator.access.Samples.withOwnPassword;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.mqttoperator.api.Access;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserStatus;
import io.mqttoperator.api.MqttUserStatus.Binding;
import io.mqttoperator.api.MqttUserStatus.Credential;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StatusComposersTest {

  private static final Enforcement PROVEN = new Enforcement.Proven();
  private static final Enforcement PENDING =
      new Enforcement.Pending(Reason.APPLYING, "Not seen yet.");
  private static final Enforcement UNREACHABLE =
      new Enforcement.Pending(Reason.POD_UNREACHABLE, "Pod fleet-0 cannot be asked.");
  private static final Clock LATER = Clock.offset(CLOCK, Duration.ofHours(1));

  @Test
  void aNewUserIsReadyOnlyWhenProven() {
    var user = user("alice");
    assertThat(states(step(user, PENDING)))
        .containsExactly(
            "Accepted=True/Accepted",
            "Enforced=Unknown/Applying",
            "Ready=Unknown/Applying",
            "Reconciling=True/Applying");
    assertThat(states(step(user, new Enforcement.NoRunningPod())))
        .contains("Enforced=Unknown/NoRunningPod", "Ready=Unknown/NoRunningPod");
    assertThat(states(step(user, PROVEN)))
        .containsExactly("Accepted=True/Accepted", "Enforced=True/Enforced", "Ready=True/Enforced");
    assertThat(user.getStatus().observedGeneration()).isEqualTo(1);
    assertThat(user.getStatus().username()).isEqualTo("alice");
    assertThat(user.getStatus().binding()).isEqualTo(new Binding("alice-mqtt"));
  }

  /** Whatever pods do, nothing is said anew of a user that did not change. */
  @Test
  void aPodThatRestartsRewritesNothing() {
    var user = user("alice");
    var ready = step(user, PROVEN);
    for (var enforcement : List.of(PENDING, UNREACHABLE, new Enforcement.NoRunningPod(), PROVEN)) {
      assertThat(compose(user, enforcement, false, LATER)).isEqualTo(ready);
    }
  }

  @Test
  void aNewGenerationIsApplyingUntilItIsProven() {
    var user = user("alice");
    step(user, PROVEN);
    user.getMetadata().setGeneration(2L);
    assertThat(states(step(user, PENDING)))
        .contains("Enforced=Unknown/Applying", "Ready=Unknown/Applying");
    assertThat(user.getStatus().observedGeneration()).isEqualTo(2);
    assertThat(states(step(user, UNREACHABLE)))
        .as("observed, but not proven")
        .contains("Enforced=Unknown/PodUnreachable", "Ready=Unknown/PodUnreachable");
    assertThat(states(step(user, PROVEN))).contains("Enforced=True/Enforced");
  }

  @Test
  void aLabelOrSecretThatChangesIsApplyingUntilItIsProven() {
    var user = user("alice");
    step(user, PROVEN);
    user.setStatus(compose(user, PENDING, true, CLOCK));
    assertThat(states(user.getStatus())).contains("Enforced=Unknown/Applying");
    assertThat(states(step(user, PENDING)))
        .as("the next pass, to which nothing changed")
        .contains("Enforced=Unknown/Applying");
    assertThat(states(step(user, PROVEN))).contains("Ready=True/Enforced");
  }

  @Test
  void aDisabledUserIsReadyWhenItIsProvenRefused() {
    var user = disabled("alice");
    assertThat(states(step(user, PENDING)))
        .contains("Enforced=Unknown/Applying", "Ready=Unknown/Applying");
    assertThat(states(step(user, PROVEN)))
        .containsExactly("Accepted=True/Accepted", "Enforced=True/Disabled", "Ready=True/Disabled");
    assertThat(user.getStatus().binding()).as("the Secret stays").isNotNull();
  }

  @Test
  void aPausedBrokerIsNotReadyForAnybody() {
    var standing = user("alice");
    step(standing, PROVEN);
    assertThat(states(step(standing, new Enforcement.Paused())))
        .containsExactly(
            "Accepted=True/Accepted",
            "Enforced=True/Enforced",
            "Ready=False/Paused",
            "Reconciling=True/Paused");
    assertThat(states(step(user("bob"), new Enforcement.Paused())))
        .contains("Enforced=Unknown/Paused", "Ready=False/Paused");
  }

  @Test
  void aUserWhoseSecretMayStillComeIsNotStalled() {
    var user = withOwnPassword("alice");
    var refused = decided(seen(user, new OwnPassword.Absent()));
    var status = UserStatusComposer.compose(refused, PROVEN, false, CLOCK);
    assertThat(states(status))
        .containsExactly(
            "Accepted=False/SecretNotFound",
            "Enforced=False/SecretNotFound",
            "Ready=False/SecretNotFound",
            "Reconciling=True/SecretNotFound");
    assertThat(status.binding()).isNull();
  }

  @Test
  void aRefusalIsNotSaidToBeEnforcedBeforeItIsProven() {
    var refused = decided(seen(withOwnPassword("alice"), new OwnPassword.Absent()));
    var status = UserStatusComposer.compose(refused, PENDING, false, CLOCK);
    assertThat(states(status).get(1)).startsWith("Enforced=Unknown/");
    assertThat(states(status).get(2)).isEqualTo("Ready=False/SecretNotFound");
  }

  @Test
  void aUserWhoseSecretsNameIsTakenIsRefused() {
    var taken =
        new UserDecision(
            seen(user("alice")),
            Verdict.no(Reason.NAME_TAKEN, "spec.secret.name: Secret alice-mqtt exists."),
            new Password.None());
    assertThat(taken.mayLogIn()).isFalse();
    var status = UserStatusComposer.compose(taken, PROVEN, false, CLOCK);
    assertThat(states(status)).contains("Accepted=False/NameTaken", "Ready=False/NameTaken");
    assertThat(status.binding()).isNull();
  }

  @Test
  void anInvalidPasswordIsSaidWhileTheLastGoodOneIsEnforced() {
    var user = withOwnPassword("alice");
    var invalid = decided(seen(user, new OwnPassword.Found(secret("no\n"), "8")));
    assertThat(invalid.mayLogIn()).isTrue();
    assertThat(states(UserStatusComposer.compose(invalid, PROVEN, false, CLOCK)))
        .containsExactly(
            "Accepted=False/InvalidPassword",
            "Enforced=True/Enforced",
            "Ready=False/InvalidPassword",
            "Stalled=True/InvalidPassword");
  }

  @Test
  void theProvenVersionOfAnOwnSecretIsTold() {
    var user = withOwnPassword("alice");
    user.setStatus(compose(seen(user, own("7")), PROVEN));
    assertThat(user.getStatus().credential()).isEqualTo(new Credential("own", "7"));
    user.setStatus(compose(seen(user, own("8")), PENDING));
    assertThat(user.getStatus().credential()).as("not yet").isEqualTo(new Credential("own", "7"));
    user.setStatus(compose(seen(user, own("8")), PROVEN));
    assertThat(user.getStatus().credential()).isEqualTo(new Credential("own", "8"));
  }

  @Test
  void inputsAreLabelsAndTheOwnSecretsVersion() {
    var plain = seen(user("alice")).inputs();
    assertThat(seen(user("alice")).inputs()).isEqualTo(plain);
    assertThat(seen(Samples.labelled("alice", Map.of("a", "b"))).inputs()).isNotEqualTo(plain);
    var user = withOwnPassword("alice");
    assertThat(
            List.of(
                seen(user, own("7")).inputs(),
                seen(user, own("8")).inputs(),
                seen(user, new OwnPassword.Absent()).inputs(),
                seen(user, new OwnPassword.NotOffered()).inputs(),
                seen(user, new OwnPassword.KeyMissing("password")).inputs(),
                plain))
        .doesNotHaveDuplicates();
  }

  @Test
  void anAclIsReadyOnlyWhenProvenAndStandsWhilePodsRestart() {
    var acl = acl("rules", named("alice"), allow("a", Access.PUBLISH));
    assertThat(states(step(acl, PENDING)))
        .contains("Enforced=Unknown/Applying", "Ready=Unknown/Applying");
    var ready = step(acl, PROVEN);
    assertThat(states(ready))
        .containsExactly("Accepted=True/Accepted", "Enforced=True/Enforced", "Ready=True/Enforced");
    assertThat(step(acl, UNREACHABLE)).isEqualTo(ready);
    acl.getMetadata().setGeneration(2L);
    assertThat(states(step(acl, PENDING))).contains("Ready=Unknown/Applying");
    assertThat(states(step(acl, new Enforcement.Paused()))).contains("Ready=False/Paused");
  }

  @Test
  void aRefusedAclStalls() {
    var acl = acl("rules", named("alice"), allow("a#", Access.PUBLISH));
    assertThat(states(step(acl, PROVEN)))
        .containsExactly(
            "Accepted=False/Invalid",
            "Enforced=False/Invalid",
            "Ready=False/Invalid",
            "Stalled=True/Invalid");
  }

  private static OwnPassword own(String version) {
    return new OwnPassword.Found(secret("swordfish"), version);
  }

  private static MqttUserStatus compose(UserObservation seen, Enforcement enforcement) {
    return UserStatusComposer.compose(decided(seen), enforcement, true, CLOCK);
  }

  private static MqttUserStatus compose(
      MqttUser user, Enforcement enforcement, boolean inputsChanged, Clock clock) {
    return UserStatusComposer.compose(decided(user), enforcement, inputsChanged, clock);
  }

  /** A pass that writes the status. */
  private static MqttUserStatus step(MqttUser user, Enforcement enforcement) {
    user.setStatus(compose(user, enforcement, false, CLOCK));
    return user.getStatus();
  }

  private static List<Condition> step(MqttAcl acl, Enforcement enforcement) {
    var plan =
        AccessPlan.of(
            List.of(decided(user("alice"))), List.of(acl), Tenancy.none(Samples.NAMESPACE));
    acl.setStatus(AclStatusComposer.compose(plan.acls().getFirst(), enforcement, false, CLOCK));
    return Objects.requireNonNull(acl.getStatus().conditions());
  }

  private static List<String> states(MqttUserStatus status) {
    return states(Objects.requireNonNull(status.conditions()));
  }

  private static List<String> states(List<Condition> conditions) {
    assertThat(Conditions.find(conditions, Conditions.READY)).isPresent();
    return conditions.stream()
        .map(
            condition ->
                "%s=%s/%s"
                    .formatted(condition.getType(), condition.getStatus(), condition.getReason()))
        .toList();
  }
}
