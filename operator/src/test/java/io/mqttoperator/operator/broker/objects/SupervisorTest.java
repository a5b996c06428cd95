package io.mqttoperator.operator.broker.objects;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SupervisorTest {

  /** The status by which {@code DatabaseReport} knows it. */
  @Test
  void endsWithAStatusOfItsOwnWhereItHasSetTheDatabaseAside() {
    assertThat(Supervisor.script()).containsPattern("(?m)^set_aside=65 ");
  }
}
