package io.mqttoperator.operator.broker.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.access.TenantBounds;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TenantFitTest {

  private static final TenantBounds BOUNDS = new TenantBounds(List.of(), 10, 10);
  private static final Tenancy TENANCY =
      new Tenancy("plant", Map.of("blue", BOUNDS, "red", BOUNDS));
  private static final AccessPlan PLAN =
      AccessPlan.of(List.of(user("plant"), user("blue"), user("red")), List.of(), TENANCY);

  @Test
  void tenantsGoOneByOneUntilTheRestFits() throws Exception {
    var fit = TenantFit.of(PLAN, TENANCY, plan -> atMost(1, plan), size -> false);
    assertThat(fit.choice()).isEqualTo(1);
    assertThat(fit.plan().users())
        .filteredOn(UserDecision::mayLogIn)
        .extracting(user -> user.seen().username())
        .containsExactly("own");
    assertThat(TenantFit.of(PLAN, TENANCY, plan -> atMost(3, plan), size -> false).plan())
        .isSameAs(PLAN);
  }

  @Test
  void whatIsTheBrokersOwnIsNotLeftOut() {
    assertThatExceptionOfType(DoNotFit.class)
        .isThrownBy(() -> TenantFit.of(PLAN, TENANCY, plan -> atMost(0, plan), size -> false));
  }

  @Test
  void noTenantGoesWhereThatDoesNotHelp() throws Exception {
    assertThat(TenantFit.of(PLAN, TENANCY, plan -> atMost(3, plan), size -> size > 0).plan())
        .isSameAs(PLAN);
    assertThat(TenantFit.of(PLAN, TENANCY, plan -> atMost(3, plan), size -> size > 2).choice())
        .isEqualTo(2);
  }

  private static int atMost(int most, AccessPlan plan) throws DoNotFit {
    var users = (int) plan.users().stream().filter(UserDecision::mayLogIn).count();
    if (users > most) {
      throw new DoNotFit(users + " users");
    }
    return users;
  }

  private static UserDecision user(String namespace) {
    var user = new MqttUser();
    user.getMetadata().setNamespace(namespace);
    user.getMetadata().setName("own");
    user.getMetadata().setUid(namespace);
    user.setSpec(new MqttUserSpec(new BrokerRef("fleet", "plant"), null, null, null, null));
    var password = new SecretBytes(new byte[] {'x'});
    return new UserDecision(
        new UserObservation(user, user, new Standing.Member(), Optional.empty(), Optional.empty()),
        Verdict.yes(Reason.ACCEPTED, "Valid."),
        new Password.Generated(password, 1));
  }
}
