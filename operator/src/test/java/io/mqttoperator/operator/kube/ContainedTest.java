package io.mqttoperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttAclSpec;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContainedTest {

  @Test
  void whatCannotBeWrittenInAnotherNamespaceEndsNothing() {
    assertThat(Contained.of(user("plant"), ContainedTest::fail)).isEmpty();
    var acl = new MqttAcl();
    acl.getMetadata().setNamespace("team");
    acl.setSpec(new MqttAclSpec(new BrokerRef("fleet", "plant"), List.of(), List.of()));
    assertThat(Contained.of(acl, ContainedTest::fail)).isEmpty();
    assertThat(Contained.of(user("plant"), () -> "written")).contains("written");
  }

  @Test
  void inTheBrokersNamespaceItIsTriedAgain() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Contained.of(user("team"), ContainedTest::fail));
    assertThatIllegalStateException()
        .isThrownBy(() -> Contained.of(user(null), ContainedTest::fail));
  }

  private static MqttUser user(@Nullable String broker) {
    var user = new MqttUser();
    user.getMetadata().setNamespace("team");
    user.getMetadata().setName("meter");
    user.setSpec(new MqttUserSpec(new BrokerRef("fleet", broker), null, null, null, null));
    return user;
  }

  private static String fail() {
    throw new IllegalStateException("the object is too large");
  }
}
