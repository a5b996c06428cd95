package io.mqttoperator.operator.broker.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.access.ClientCertificate;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.AccessResources;
import io.mqttoperator.operator.broker.clients.UserSecretBlueprint.Endpoint;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeptUsersTest {

  private static final Endpoint ENDPOINT = new Endpoint("fleet", "mqtts", "host", 8883, "Q0E=");

  private final KeptUsers kept = new KeptUsers();
  private final UserDecision anna = AccessResources.user("anna");

  @Test
  void whatWasKeptIsAsBeforeUntilAnyPartIsAnother() {
    assertThat(find(anna, ENDPOINT)).isEmpty();
    keep(anna);
    assertThat(find(anna, ENDPOINT)).containsSame(anna);
    assertThat(find(anna, new Endpoint("fleet", "mqtts", "host", 8883, "Q0E=")))
        .as("an equal one")
        .containsSame(anna);
    keep(anna);
    assertThat(find(AccessResources.user("anna"), ENDPOINT))
        .as("a later version of the user")
        .isEmpty();
    keep(anna);
    assertThat(find(anna, new Endpoint("fleet", "mqtts", "host", 8884, "Q0E="))).isEmpty();
  }

  @Test
  void anotherDecisionOnTheSameUserIsAnother() {
    keep(anna);
    assertThat(find(anna.with(anna.certificate(), true), ENDPOINT)).as("cut off").isEmpty();
    keep(anna);
    var awaiting = anna.with(new ClientCertificate.Awaited("Soon."), false);
    assertThat(find(awaiting, ENDPOINT)).isEmpty();
    keep(anna);
    assertThat(find(anna.with(anna.certificate(), false), ENDPOINT)).containsSame(anna);
  }

  @Test
  void thoseWhoAreGoneAreForgotten() {
    keep(anna);
    kept.look().end();
    assertThat(find(anna, ENDPOINT)).isEmpty();
  }

  private void keep(UserDecision user) {
    var look = kept.look();
    look.put(user, ENDPOINT);
    look.end();
  }

  private Optional<UserDecision> find(UserDecision user, Endpoint endpoint) {
    var look = kept.look();
    var found = look.find(user, endpoint);
    look.end();
    return found;
  }
}
