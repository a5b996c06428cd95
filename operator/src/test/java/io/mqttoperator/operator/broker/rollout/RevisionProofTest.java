package io.mqttoperator.operator.broker.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.mqtt.ProofResult;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevisionProofTest {

  private static final ProofResult YES = new ProofResult.Enforced();
  private static final ProofResult NOT_YET = new ProofResult.NotYet();
  private static final ProofResult NO_ANSWER = new ProofResult.Unreachable("no route");

  @Test
  void onlyTheYesOfEveryPodIsAProof() {
    assertThat(judge(YES, YES)).isInstanceOf(Enforcement.Proven.class);
    assertThat(reason(judge(YES, NOT_YET))).isEqualTo(Reason.APPLYING);
    assertThat(reason(judge(NO_ANSWER, YES))).isEqualTo(Reason.POD_UNREACHABLE);
    assertThat(judge()).isInstanceOf(Enforcement.NoRunningPod.class);
  }

  /** A user who is to go is let go for a pod that cannot be asked, never for one that says no. */
  @Test
  void aPodThatSaysNoOutweighsOneThatCannotBeAsked() {
    assertThat(reason(judge(NO_ANSWER, NOT_YET))).isEqualTo(Reason.APPLYING);
    assertThat(reason(judge(NOT_YET, NO_ANSWER))).isEqualTo(Reason.APPLYING);
  }

  private static Reason reason(Enforcement judged) {
    assertThat(judged).isInstanceOf(Enforcement.Pending.class);
    return ((Enforcement.Pending) judged).reason();
  }

  private static Enforcement judge(ProofResult... answers) {
    Map<String, ProofResult> byPod = new LinkedHashMap<>();
    for (int i = 0; i < answers.length; i++) {
      byPod.put("fleet-" + i, answers[i]);
    }
    return RevisionProof.judge(byPod);
  }
}
