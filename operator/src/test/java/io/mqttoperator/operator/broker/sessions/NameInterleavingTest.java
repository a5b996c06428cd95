package io.mqttoperator.operator.broker.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.MqttUserStatus;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.operator.access.AskedName;
import io.mqttoperator.operator.access.Claims;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.access.FollowedName;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserStatusComposer;
import io.mqttoperator.operator.broker.AccessResources;
import io.mqttoperator.operator.broker.clients.CredentialRules;
import io.mqttoperator.operator.broker.observation.NameGrants;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Two users whose Secrets change as they like, and one with a name of its own that comes at any
 * time; caches that lag behind, pods that take their files late, operators that start anew: nobody
 * is let in under a name while a pod lets in another, or finds another's session.
 */
class NameInterleavingTest {

  private static final int STEPS = 120;
  private static final int PODS = 2;
  private static final String PLAIN = "carl";
  private static final Set<ClientAuthentication> LISTENERS = Set.of(ClientAuthentication.PASSWORD);

  @Property(tries = 2000)
  void nobodyIsLetInUnderAnothersName(@ForAll long seed) {
    new Play().run(new Random(seed));
  }

  /** A name that is asked for again while the cache still shows it from before. */
  @Example
  void aNameThatComesBackWithinALag() {
    new Play().run(new Random(20_723_862_903_236L));
  }

  /** Else the property would hold of nothing. */
  @Property(tries = 20)
  void namesDoChange(@ForAll long seed) {
    var play = new Play();
    play.run(new Random(seed));
    assertThat(play.moves).isPositive();
  }

  /** One of them, from the beginning. */
  private static final class Play {

    /** A pod: who is let in under which name, and whose sessions it keeps. */
    private static final class Pod {
      Map<String, String> files = Map.of();
      final Map<String, String> sessions = new HashMap<>();
    }

    /** A user as the API server has it, at a version. */
    private record Stored(@Nullable MqttUserStatus status, int version) {}

    private record Said(int over, MqttUserStatus status) {}

    private final Map<String, String> secrets = new HashMap<>(Map.of("anna", "n1", "bert", "n2"));
    private final Map<String, List<Stored>> history = new TreeMap<>();
    private final Map<String, Stored> cached = new HashMap<>();
    private final Map<String, Said> said = new HashMap<>();
    private final List<Pod> pods = new ArrayList<>();
    private Map<String, String> newest = Map.of();
    private NameGrants grants = new NameGrants(Clock.systemUTC());
    private int moves;

    private void run(Random random) {
      for (int i = 0; i < PODS; i++) {
        pods.add(new Pod());
      }
      secrets.keySet().forEach(this::make);
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(12)) {
          case 0 -> secrets.put(either(random), "n" + random.nextInt(4));
          case 1 -> {
            if (!history.containsKey(PLAIN)) {
              make(PLAIN);
            }
          }
          case 2 -> restart(random);
          case 3, 4 -> catchUp(random, List.copyOf(history.keySet()));
          case 5, 6, 7 -> pods.get(random.nextInt(PODS)).files = newest;
          case 8, 9 -> logIn(random);
          default -> pass();
        }
        for (var name : List.of("n0", "n1", "n2", "n3")) {
          var owners = new HashSet<String>();
          pods.forEach(pod -> Optional.ofNullable(pod.files.get(name)).ifPresent(owners::add));
          assertThat(owners).as("step %d: who is let in as %s", step, name).hasSizeLessThan(2);
        }
      }
    }

    private static String either(Random random) {
      return random.nextBoolean() ? "anna" : "bert";
    }

    private void make(String user) {
      history.put(user, new ArrayList<>(List.of(new Stored(null, 1))));
      cached.put(user, new Stored(null, 1));
    }

    /** A cache never goes back, and may miss versions between. */
    private void catchUp(Random random, List<String> users) {
      var user = users.get(random.nextInt(users.size()));
      var versions = of(history, user);
      var from = versions.indexOf(cached.get(user));
      cached.put(user, versions.get(from + random.nextInt(versions.size() - from)));
    }

    private void restart(Random random) {
      if (random.nextInt(3) == 0) {
        grants = new NameGrants(Clock.systemUTC());
        said.clear();
        history.forEach((user, versions) -> cached.put(user, versions.getLast()));
      }
    }

    private void logIn(Random random) {
      var user = List.of("anna", "bert", PLAIN).get(random.nextInt(3));
      var pod = pods.get(random.nextInt(PODS));
      pod.files.forEach(
          (name, owner) -> {
            if (owner.equals(user)) {
              assertThat(pod.sessions.get(name))
                  .as("whose session %s finds as %s", user, name)
                  .isIn(null, user);
              pod.sessions.put(name, user);
            }
          });
    }

    private void pass() {
      var names = new HashMap<String, FollowedName>();
      var users = new ArrayList<MqttUser>();
      history.keySet().forEach(name -> users.add(user(name)));
      for (var user : users) {
        if (FollowedName.isAskedFor(user)) {
          var says = of(secrets, user.getMetadata().getName()).getBytes(UTF_8);
          names.put(
              user.getMetadata().getUid(),
              new FollowedName(FollowedName.heldBy(user), grants.unseen(user), AskedName.of(says)));
        }
      }
      var decisions =
          Claims.of(users, AccessResources.TENANCY, names).stream()
              .map(claim -> observe(claim, names))
              .map(seen -> CredentialRules.decide(seen, LISTENERS, StoredHashes.NONE))
              .toList();
      var files = new HashMap<String, String>();
      decisions.stream()
          .filter(UserDecision::mayLogIn)
          .forEach(
              user ->
                  assertThat(files.put(user.seen().username(), nameOf(user)))
                      .as("two users of one name")
                      .isNull());
      newest = Map.copyOf(files);
      var enforcement =
          pods.stream().allMatch(pod -> pod.files.equals(newest))
              ? new Enforcement.Proven()
              : new Enforcement.Pending(Reason.APPLYING, "not yet");
      decisions.forEach(user -> say(user, enforcement, Optional.empty()));
      move(decisions, enforcement);
    }

    private void move(List<UserDecision> decisions, Enforcement enforcement) {
      var due = decisions.stream().filter(user -> NameMoves.isDue(user, enforcement)).toList();
      var inUse = NameMoves.inUse(decisions);
      for (var user : due) {
        NameMoves.toClear(user, inUse)
            .forEach(name -> pods.forEach(pod -> pod.sessions.remove(name)));
      }
      for (var user : due) {
        var asked = user.seen().followed().orElseThrow().asked().name();
        grants.grant(user.seen().uid(), asked.orElseThrow());
        say(user, enforcement, asked);
        moves++;
      }
    }

    /** As the StatusWriter: what the cache holds, or was written over it, is not written again. */
    private void say(UserDecision user, Enforcement enforcement, Optional<String> granted) {
      var name = nameOf(user);
      var status =
          UserStatusComposer.compose(
              user, enforcement, granted.isPresent(), granted, Clock.systemUTC());
      var seen = of(cached, name);
      var last = said.get(name);
      if (last != null && last.over() != seen.version()) {
        said.remove(name);
        last = null;
      }
      var before = last == null ? seen.status() : last.status();
      if (before != null && sameNames(before, status)) {
        return;
      }
      var versions = of(history, name);
      versions.add(new Stored(status, versions.getLast().version() + 1));
      said.put(name, new Said(seen.version(), status));
    }

    private static boolean sameNames(MqttUserStatus one, MqttUserStatus other) {
      return Objects.equals(one.username(), other.username())
          && Objects.equals(one.pendingUsername(), other.pendingUsername());
    }

    private static String nameOf(UserDecision user) {
      return user.user().getMetadata().getName();
    }

    private static UserObservation observe(Claims.Claim claim, Map<String, FollowedName> names) {
      var name = claim.user().getMetadata().getName();
      return new UserObservation(
          claim.user(),
          claim.claimant(),
          claim.standing(),
          Optional.of(new OwnPassword.Found(new SecretBytes(name.getBytes(UTF_8)), "1")),
          Optional.empty(),
          Optional.ofNullable(names.get(claim.user().getMetadata().getUid())));
    }

    private static <V> V of(Map<String, V> map, String key) {
      return Objects.requireNonNull(map.get(key));
    }

    /** As the cache has it. */
    private MqttUser user(String name) {
      var user = new MqttUser();
      AccessResources.place(user, AccessResources.NAMESPACE, name);
      var isPlain = name.equals(PLAIN);
      user.getMetadata().setCreationTimestamp("2026-01-01T00:00:0%dZ".formatted(isPlain ? 9 : 1));
      var own = new PasswordSecretRef("of-" + name, null, isPlain ? null : "username", null);
      user.setSpec(
          new MqttUserSpec(
              AccessResources.BROKER,
              isPlain ? "n0" : null,
              null,
              new UserPassword(own, null),
              null));
      user.setStatus(of(cached, name).status());
      return user;
    }
  }
}
