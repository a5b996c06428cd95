package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.UserSecretBlueprint.Endpoint;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptUsersTest {

  private static final Endpoint ENDPOINT = new Endpoint("fleet", "mqtts", "host", 8883, "Q0E=");

  private final KeptUsers kept = new KeptUsers();
  private final UserDecision anna = AccessResources.user("anna");

  @Test
  void whatWasKeptIsAsBeforeUntilAnyPartIsAnother() {
    assertThat(find(anna, Optional.of(ENDPOINT))).isEmpty();
    keep(anna);
    assertThat(find(anna, Optional.of(ENDPOINT))).containsSame(anna);
    assertThat(find(anna, Optional.of(new Endpoint("fleet", "mqtts", "host", 8883, "Q0E="))))
        .as("an equal one")
        .containsSame(anna);
    keep(anna);
    assertThat(find(AccessResources.user("anna"), Optional.of(ENDPOINT)))
        .as("a later version of the user")
        .isEmpty();
    keep(anna);
    assertThat(find(anna, Optional.of(new Endpoint("fleet", "mqtts", "host", 8884, "Q0E="))))
        .isEmpty();
    keep(anna);
    assertThat(find(anna, Optional.empty())).as("no listener takes passwords").isEmpty();
  }

  @Test
  void thoseWhoAreGoneAreForgotten() {
    keep(anna);
    kept.look(Optional.of(ENDPOINT)).end();
    assertThat(find(anna, Optional.of(ENDPOINT))).isEmpty();
  }

  private void keep(UserDecision user) {
    var look = kept.look(Optional.of(ENDPOINT));
    look.put(user.seen(), user);
    look.end();
  }

  private Optional<UserDecision> find(UserDecision user, Optional<Endpoint> endpoint) {
    var look = kept.look(endpoint);
    var found = look.find(user.seen());
    look.end();
    return found;
  }
}
