package io.mqttoperator.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.kube.Reason;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class RuleDescriptionTest {

  /** What only a cluster that runs can have. */
  private static final EnumSet<Reason> STATES =
      EnumSet.of(
          Reason.ACCEPTED,
          Reason.SESSIONS_REMAIN,
          Reason.UNSUPPORTED_MOSQUITTO,
          Reason.PAUSED,
          Reason.DISABLED,
          Reason.ENFORCED,
          Reason.APPLYING,
          Reason.NO_RUNNING_POD,
          Reason.POD_UNREACHABLE,
          Reason.BRIDGE_DISCONNECTED,
          Reason.VOLUME_PENDING,
          Reason.UNSCHEDULABLE,
          Reason.IMAGE_PULL_FAILED,
          Reason.BROKER_FAILED,
          Reason.STARTING,
          Reason.RESTARTING,
          Reason.ISSUED,
          Reason.RENEWAL_OVERDUE,
          Reason.READY);

  @Test
  void eachReasonForWhichAManifestIsRefusedIsDescribed() {
    assertThat(EnumSet.complementOf(STATES))
        .allSatisfy(reason -> assertThat(RuleDescription.of(reason.text())).isPresent());
  }
}
