package io.mqttoperator.operator.broker.revision;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.mqttoperator.api.Access;
import io.mqttoperator.api.Effect;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttAclSpec;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.broker.AccessResources;
import io.mqttoperator.operator.mosquitto.Subscription;
import io.mqttoperator.operator.mosquitto.TopicName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Sets of users and ACLs, each given by a seed and a number alone, made so that little decides: few
 * names, shared prefixes, topics next to those of the rules.
 */
final class AccessCases {

  /** So many successive cases have users of the same names, whose sessions stay. */
  private static final int CASES_OF_ONE_SET_OF_NAMES = 10;

  private static final List<String> OBJECTS = List.of("alice", "bob", "carol", "x.y", "a");
  private static final List<String> USERNAMES =
      List.of("alice", "bob", "Alice", "a", "ab", "a.b", "@", "-", ".", "_", "A_b-1@x.y", "plant");
  private static final List<String> LEVELS =
      List.of(
          "a",
          "a",
          "a",
          "b",
          "b",
          "ab",
          "",
          "",
          "A",
          "alice",
          "bob",
          "plant",
          "é",
          "e\u0301",
          "😀",
          "$a",
          "$SYS",
          "a b",
          "read",
          "%u",
          "%c",
          "@REVISION@",
          "{x}",
          "{username",
          "-",
          "\u3042");
  private static final List<String> VALUES = List.of("one", "two", "");
  private static final List<String> REFUSED = List.of("a#", "$a/b", " a", "a+/b", "", "a\nb");

  /** Which no rule can reach, and whoever publishes there wants more than a topic. */
  private static final List<String> FORBIDDEN =
      List.of(
          "$SYS/broker/uptime", "$SYS/x", "$SYSTEM", "$CONTROL/dynamic-security/v1", "$a/b", "$");

  private final Random random;
  private final List<String> usernames;
  private final List<String> used = new ArrayList<>();

  private AccessCases(long seed, int number) {
    random = new Random(seed * 1_000_003 + number);
    var names = new ArrayList<>(USERNAMES);
    Collections.shuffle(names, new Random(seed + number / CASES_OF_ONE_SET_OF_NAMES));
    usernames = names.subList(0, 4);
  }

  static AccessCase of(long seed, int number) {
    return new AccessCases(seed, number).make();
  }

  private AccessCase make() {
    var objects = new ArrayList<>(OBJECTS);
    Collections.shuffle(objects, random);
    var claimed = new HashMap<String, MqttUser>();
    var users =
        IntStream.range(0, 2 + random.nextInt(3))
            .mapToObj(i -> user(objects.get(i), usernames.get(chance(20) ? 0 : i), claimed))
            .toList();
    var acls = IntStream.rangeClosed(1, 1 + random.nextInt(5)).mapToObj(this::acl).toList();
    var topics = new LinkedHashSet<String>();
    while (topics.size() < 16) {
      var topic = chance(30) ? plainTopic() : nearby(acls);
      if (TopicName.problem(topic).isEmpty()) {
        topics.add(topic);
      }
    }
    topics.add(one(FORBIDDEN));
    return new AccessCase(users, acls, List.copyOf(topics), filters(acls));
  }

  private UserDecision user(String object, String username, Map<String, MqttUser> claimed) {
    var user = new MqttUser();
    var isTenants = chance(20);
    AccessResources.place(
        user, isTenants ? AccessResources.TENANT : AccessResources.NAMESPACE, object);
    user.getMetadata().setLabels(labels());
    user.setSpec(
        new MqttUserSpec(
            AccessResources.BROKER,
            isTenants || username.equals(object) ? null : username,
            chance(10) ? true : null,
            null,
            null));
    return AccessResources.decided(
        user, claimed.computeIfAbsent(UserObservation.usernameOf(user), any -> user));
  }

  private MqttAcl acl(int number) {
    var acl = new MqttAcl();
    AccessResources.place(acl, namespace(), "acl-" + number);
    if (chance(5)) {
      acl.getMetadata().setDeletionTimestamp("2026-05-06T07:08:09Z");
    }
    var subjects = some(2, this::subject);
    var isAnonymous = subjects.stream().anyMatch(subject -> subject.anonymous() != null);
    acl.setSpec(
        new MqttAclSpec(AccessResources.BROKER, subjects, some(3, () -> rule(isAnonymous))));
    return acl;
  }

  private Subject subject() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> new Subject(one(OBJECTS), null, null, null);
      case 2, 3 -> new Subject(null, selector(), null, null);
      case 4 -> new Subject(null, null, true, null);
      default -> new Subject(null, null, null, true);
    };
  }

  private LabelSelector selector() {
    var builder = new LabelSelectorBuilder();
    if (chance(50)) {
      builder.addToMatchLabels(labels());
    }
    if (chance(50)) {
      var operator = one(List.of("In", "NotIn", "Exists", "DoesNotExist"));
      builder
          .addNewMatchExpression()
          .withKey(one(List.of("line", "site")))
          .withOperator(operator)
          .withValues(operator.endsWith("In") ? some(2, () -> one(VALUES)) : List.of())
          .endMatchExpression();
    }
    return builder.build();
  }

  private Map<String, String> labels() {
    var labels = new HashMap<String, String>();
    for (var key : List.of("line", "site")) {
      if (chance(50)) {
        labels.put(key, one(VALUES));
      }
    }
    return labels;
  }

  private Rule rule(boolean isAnonymous) {
    var topics = some(2, () -> chance(2) ? one(REFUSED) : ruleTopic(isAnonymous));
    if (chance(35)) {
      return new Rule(topics, null, Effect.DENY);
    }
    var isSystem = topics.stream().anyMatch(topic -> topic.startsWith("$"));
    var access =
        isSystem
            ? List.of(Access.SUBSCRIBE)
            : one(
                List.of(
                    List.of(Access.PUBLISH),
                    List.of(Access.SUBSCRIBE),
                    List.of(Access.SUBSCRIBE, Access.PUBLISH)));
    return new Rule(topics, access, chance(50) ? Effect.ALLOW : null);
  }

  /** Often one that another rule has too: what they mean together is one line of the file. */
  private String ruleTopic(boolean isAnonymous) {
    if (chance(20) && !used.isEmpty()) {
      return one(used);
    }
    var topic = newTopic(isAnonymous);
    if (!topic.contains("{username}")) {
      used.add(topic);
    }
    return topic;
  }

  private String newTopic(boolean isAnonymous) {
    if (chance(8)) {
      return one(
          List.of("$SYS/#", "$SYS/broker/+", "$SYS/broker/version", "$SYS", "$SYS/+/load/#"));
    }
    var levels = some(4, () -> ruleLevel(isAnonymous));
    return String.join("/", levels) + (chance(25) ? "/#" : "");
  }

  private String ruleLevel(boolean isAnonymous) {
    return switch (random.nextInt(10)) {
      case 0, 1 -> "+";
      case 2 -> isAnonymous ? "{namespace}" : "{username}";
      case 3 -> "{namespace}";
      default -> one(LEVELS);
    };
  }

  private String plainTopic() {
    return String.join("/", some(4, () -> one(LEVELS)));
  }

  /** What a rule is about, or what is a little beside it. */
  private String nearby(List<MqttAcl> acls) {
    var rule = one(one(acls).getSpec().rules());
    var levels = new ArrayList<String>();
    for (var level : one(rule.topics()).split("/", -1)) {
      switch (level) {
        case "#" -> levels.addAll(some(2, () -> one(LEVELS)).subList(0, random.nextInt(2)));
        case "+" -> levels.add(one(LEVELS));
        case "{username}" -> levels.add(chance(5) ? level : one(usernames));
        case "{namespace}" -> levels.add(chance(5) ? level : namespace());
        default -> levels.add(level);
      }
    }
    if (chance(30) && !levels.isEmpty()) {
      levels.set(random.nextInt(levels.size()), one(LEVELS));
    }
    if (chance(15)) {
      levels.add(one(LEVELS));
    }
    return String.join("/", levels);
  }

  private List<String> filters(List<MqttAcl> acls) {
    var filters = new ArrayList<String>();
    while (filters.size() < 6) {
      var group = chance(15) ? "$share/group-%d/".formatted(filters.size()) : "";
      var filter = group + filter(acls);
      if (Subscription.problem(filter).isEmpty()) {
        filters.add(filter);
      }
    }
    return filters;
  }

  private String filter(List<MqttAcl> acls) {
    if (chance(40)) {
      return "#";
    }
    if (chance(10)) {
      return one(List.of("$SYS/#", "$SYS/broker/+", "+/+", "+/#", "/#", "+", "$a/#"));
    }
    var levels = new ArrayList<>(List.of(nearby(acls).split("/", -1)));
    levels.replaceAll(level -> chance(30) ? "+" : level);
    if (chance(40)) {
      levels.set(levels.size() - 1, "#");
    }
    return String.join("/", levels);
  }

  private String namespace() {
    return chance(20) ? AccessResources.TENANT : AccessResources.NAMESPACE;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private <T> List<T> some(int most, Supplier<T> value) {
    return IntStream.rangeClosed(0, random.nextInt(most)).mapToObj(i -> value.get()).toList();
  }
}
