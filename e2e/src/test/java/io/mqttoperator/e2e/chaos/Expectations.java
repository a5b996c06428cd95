package io.mqttoperator.e2e.chaos;

import io.mqttoperator.e2e.Login;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Which logins must succeed and which must not, by what the API has said. A login that is being
 * changed is in neither set: until it is Ready, or gone, nothing is promised.
 */
final class Expectations {

  private final Set<Login> in = ConcurrentHashMap.newKeySet();
  private final Set<Login> out = ConcurrentHashMap.newKeySet();

  void none(Login login) {
    in.remove(login);
    out.remove(login);
  }

  void in(Login login) {
    out.remove(login);
    in.add(login);
  }

  void out(Login login) {
    in.remove(login);
    out.add(login);
  }

  boolean isIn(Login login) {
    return in.contains(login);
  }

  boolean isOut(Login login) {
    return out.contains(login);
  }

  Optional<Login> anyIn(RandomGenerator random) {
    return any(in, random);
  }

  Optional<Login> anyOut(RandomGenerator random) {
    return any(out, random);
  }

  private static Optional<Login> any(Set<Login> logins, RandomGenerator random) {
    var all = List.copyOf(logins);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }
}
