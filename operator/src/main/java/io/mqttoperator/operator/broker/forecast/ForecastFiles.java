package io.mqttoperator.operator.broker.forecast;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Password;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.mosquitto.AccessHead;
import io.mqttoperator.operator.mosquitto.AccessShards;
import io.mqttoperator.operator.mosquitto.BridgeAccount;
import io.mqttoperator.operator.mosquitto.OperatorAccount;
import io.mqttoperator.operator.mosquitto.PasswordHash;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.mosquitto.Sharding;
import io.mqttoperator.operator.mosquitto.UserAccess;
import io.mqttoperator.operator.mosquitto.Username;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The files that a pass would write, as far as resources tell: passwords, certificates, keys and
 * the secret names of the operator and of the bridges are left out.
 *
 * @param byName empty where they do not fit
 * @param problem why they do not fit, as a sentence
 */
public record ForecastFiles(SortedMap<String, String> byName, Optional<String> problem) {

  /** What stands for 32 hex digits that nobody may know. */
  private static final String UNKNOWN = "0".repeat(32);

  private static final String NO_HASH = "A".repeat(16) + "$" + "A".repeat(86) + "==";

  /** A hash in a password file: of it only the iterations are no secret. */
  private static final Pattern HASH = Pattern.compile("(:\\$7\\$[0-9]+\\$).*");

  private static final Pattern KEY = Pattern.compile(":.*");

  private static final String LEFT_OUT = "$1(left out)";

  private static final int ITERATIONS_OF_GENERATED = 1;

  static ForecastFiles of(BrokerProfile profile, AccessPlan plan, Collection<UserDecision> users) {
    var access = users.stream().map(user -> access(user, plan, profile)).toList();
    return switch (AccessShards.of(access, 0)) {
      case Sharding.TooLarge tooLarge ->
          new ForecastFiles(new TreeMap<>(), Optional.of(tooLarge.message()));
      case Sharding.Fitting fitting -> of(profile, plan, fitting.shards());
    };
  }

  private static ForecastFiles of(BrokerProfile profile, AccessPlan plan, AccessShards shards) {
    var files = new TreeMap<String, byte[]>(profile.configuration().files(shards.bytes()));
    var head =
        new AccessHead(
            new OperatorAccount("$mqtt-operator-" + UNKNOWN),
            plan.anonymous(),
            hash(ITERATIONS_OF_GENERATED),
            bridges(profile.replicas()));
    files.put(RevisionFiles.ACL_HEAD, head.renderAcl());
    files.put(RevisionFiles.PASSWORD_HEAD, head.renderPassword());
    files.putAll(shards.files());
    var texts = new TreeMap<String, String>();
    files.forEach((name, content) -> texts.put(name, text(name, content)));
    return new ForecastFiles(texts, Optional.empty());
  }

  private static UserAccess access(UserDecision user, AccessPlan plan, BrokerProfile profile) {
    var iterations =
        user.password() instanceof Password.Generated
            ? ITERATIONS_OF_GENERATED
            : user.seen().passwordIterations(profile.passwordIterations());
    return new UserAccess(
        new Username(user.seen().username()),
        user.password().isKnown()
            ? Optional.of(user.password().givenHash().orElseGet(() -> hash(iterations)))
            : Optional.empty(),
        user.key().key(),
        plan.entries().getOrDefault(user.seen().uid(), List.of()));
  }

  /** As long as a real one, so that the files are cut as they will be. */
  private static PasswordHash hash(int iterations) {
    return new PasswordHash("$7$" + iterations + "$" + NO_HASH);
  }

  private static List<BridgeAccount> bridges(int replicas) {
    return IntStream.range(1, replicas)
        .mapToObj(ordinal -> new BridgeAccount("$mqtt-bridge-" + UNKNOWN + "-" + ordinal))
        .toList();
  }

  private static String text(String name, byte[] content) {
    var text = new String(content, StandardCharsets.UTF_8);
    if (name.startsWith(RevisionFiles.KEYS)) {
      return KEY.matcher(text).replaceAll(":(left out)");
    }
    return name.startsWith("password") ? HASH.matcher(text).replaceAll(LEFT_OUT) : text;
  }
}
