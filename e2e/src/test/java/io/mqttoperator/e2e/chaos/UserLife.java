package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Login;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One user after the other is made, disabled, enabled, given another password, and deleted; after
 * each step every pod is asked.
 */
final class UserLife implements Runnable {

  private static final String KIND = "mqu";
  private static final int MOST_STEPS = 4;

  private final String prefix;
  private final Api api;
  private final Door door;
  private final Expectations expectations;
  private final RandomGenerator random;
  private final Stop stop;

  UserLife(
      String prefix,
      Api api,
      Door door,
      Expectations expectations,
      RandomGenerator random,
      Stop stop) {
    this.prefix = prefix;
    this.api = api;
    this.door = door;
    this.expectations = expectations;
    this.random = random;
    this.stop = stop;
  }

  @Override
  public void run() {
    for (int number = 0; !stop.isTold(); number++) {
      if (!live(prefix + number)) {
        return;
      }
    }
  }

  /** What a user is: its name, the generation of its password, and what it logs in with. */
  private record User(String name, int password, Login login) {}

  private boolean live(String name) {
    if (!api.apply("user added", KIND, name, yaml(name, 1, false))) {
      return false;
    }
    var user = new User(name, 1, api.login(name));
    expectations.in(user.login());
    door.mustOpenEverywhere(user.login());
    for (int steps = random.nextInt(MOST_STEPS); steps > 0 && !stop.isTold(); steps--) {
      var after = random.nextBoolean() ? disabledAndEnabled(user) : withAnotherPassword(user);
      if (after.isEmpty()) {
        return false;
      }
      user = after.get();
    }
    return shutOut(user, () -> api.delete("user deleted", KIND, name));
  }

  private Optional<User> disabledAndEnabled(User user) {
    if (!shutOut(user, () -> apply("user disabled", user, true))) {
      return Optional.empty();
    }
    expectations.none(user.login());
    if (!apply("user enabled", user, false)) {
      return Optional.empty();
    }
    expectations.in(user.login());
    door.mustOpenEverywhere(user.login());
    return Optional.of(user);
  }

  private Optional<User> withAnotherPassword(User user) {
    var next = new User(user.name(), user.password() + 1, user.login());
    if (!shutOut(user, () -> apply("password changed", next, false))) {
      return Optional.empty();
    }
    var login = api.login(user.name());
    expectations.in(login);
    door.mustOpenEverywhere(login);
    return Optional.of(new User(next.name(), next.password(), login));
  }

  private interface Change {
    boolean isDone();
  }

  /** A change after which the login, until now good, is refused, and its sessions are over. */
  private boolean shutOut(User user, Change change) {
    expectations.none(user.login());
    var held = door.hold(user.login(), random.nextInt(Integer.MAX_VALUE));
    if (!change.isDone()) {
      return false;
    }
    expectations.out(user.login());
    door.mustStayShutEverywhere(user.login());
    held.ifPresent(door::mustHaveEnded);
    return true;
  }

  private boolean apply(String what, User user, boolean isDisabled) {
    return api.apply(what, KIND, user.name(), yaml(user.name(), user.password(), isDisabled));
  }

  private static String yaml(String name, int password, boolean isDisabled) {
    return """
           apiVersion: mqttoperator.io/v1alpha1
           kind: MqttUser
           metadata: {name: %s}
           spec:
             brokerRef: {name: %s}
             disabled: %s
             password: {generation: %d}
           """
        .formatted(name, ChaosRun.BROKER, isDisabled, password);
  }
}
