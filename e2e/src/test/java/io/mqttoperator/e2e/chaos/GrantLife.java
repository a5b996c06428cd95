package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Login;
import java.util.random.RandomGenerator;

/** A grant comes and goes for a user that stays; after each step it publishes on every pod. */
final class GrantLife implements Runnable {

  private static final String KIND = "mqa";

  private final String name;
  private final String user;
  private final Api api;
  private final Door door;
  private final RandomGenerator random;
  private final Stop stop;

  GrantLife(int number, Api api, Door door, RandomGenerator random, Stop stop) {
    this.name = "grant-" + number;
    this.user = user(number);
    this.api = api;
    this.door = door;
    this.random = random;
    this.stop = stop;
  }

  /** The user that the grant is for, which has to be there. */
  static String user(int number) {
    return "grantee-" + number;
  }

  @Override
  public void run() {
    var login = api.login(user);
    while (!stop.isTold() && step(login)) {}
  }

  private boolean step(Login login) {
    return switch (random.nextInt(3)) {
      case 0 -> apply("rule added", "", true, login);
      case 1 -> apply("deny added", DENY, false, login);
      default -> {
        if (!api.delete("rules deleted", KIND, name)) {
          yield false;
        }
        door.mustBeAllowed(false, login, topic());
        yield true;
      }
    };
  }

  private boolean apply(String what, String more, boolean isAllowed, Login login) {
    if (!api.apply(what, KIND, name, yaml() + more)) {
      return false;
    }
    door.mustBeAllowed(isAllowed, login, topic());
    return true;
  }

  private String topic() {
    return "grants/" + name + "/x";
  }

  private String yaml() {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttAcl
           metadata: {name: %s}
           spec:
             brokerRef: {name: %s}
             subjects: [{user: %s}]
             rules:
             - {topics: ["grants/%s/#"], access: [Publish]}
           """
        .formatted(name, ChaosRun.BROKER, user, name);
  }

  private static final String DENY = "  - {topics: [\"grants/+/x\"], effect: Deny}\n";
}
