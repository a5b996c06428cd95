package io.mqttoperator.operator.broker.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.mqttoperator.operator.broker.status.WarningEvents.WarningEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionEventsTest {

  private static Condition condition(String type, String status, String reason) {
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(reason)
        .withMessage("Why.")
        .build();
  }

  private static final List<Condition> ACCEPTED =
      List.of(condition("Accepted", "True", "Accepted"));
  private static final List<Condition> OVERDUE =
      List.of(
          condition("Accepted", "True", "Accepted"),
          condition("CertificateOverdue", "True", "RenewalOverdue"));

  @Test
  void anOverdueCertificateIsToldOnceUntilItIsRenewed() {
    var event = new WarningEvent("RenewalOverdue", "Why.");
    assertThat(ConditionEvents.ofMember(ACCEPTED, OVERDUE)).containsExactly(event);
    assertThat(ConditionEvents.ofMember(null, OVERDUE)).containsExactly(event);
    assertThat(ConditionEvents.ofMember(OVERDUE, OVERDUE)).isEmpty();
    assertThat(ConditionEvents.ofMember(OVERDUE, ACCEPTED)).isEmpty();
  }

  @Test
  void aRefusalIsToldOnceForEachReason() {
    var invalid = List.of(condition("Accepted", "False", "Invalid"));
    var taken = List.of(condition("Accepted", "False", "NameTaken"));
    assertThat(ConditionEvents.ofMember(ACCEPTED, invalid))
        .containsExactly(new WarningEvent("Invalid", "Why."));
    assertThat(ConditionEvents.ofMember(invalid, invalid)).isEmpty();
    assertThat(ConditionEvents.ofMember(invalid, taken))
        .containsExactly(new WarningEvent("NameTaken", "Why."));
    assertThat(
            ConditionEvents.ofMember(
                null, List.of(condition("Accepted", "False", "BrokerNotFound"))))
        .as("often only applied a moment later")
        .isEmpty();
  }

  @Test
  void ofABrokerThatIsRefusedItsPodsAreNotTold() {
    var failed = condition("Ready", "False", "BrokerFailed");
    assertThat(
            ConditionEvents.ofBroker(
                null, List.of(condition("Accepted", "True", "Accepted"), failed)))
        .containsExactly(new WarningEvent("BrokerFailed", "Why."));
    assertThat(
            ConditionEvents.ofBroker(
                null, List.of(condition("Accepted", "False", "Invalid"), failed)))
        .containsExactly(new WarningEvent("Invalid", "Why."));
    assertThat(
            ConditionEvents.ofBroker(
                null,
                List.of(
                    condition("Accepted", "True", "Accepted"),
                    condition("Ready", "False", "Starting"))))
        .isEmpty();
  }
}
