package io.mqttoperator.operator.mosquitto;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Values and generators that several tests share. */
final class Samples {
  static final SaltKey SALT_KEY = new SaltKey("0123456789abcdef".getBytes(StandardCharsets.UTF_8));
  static final PasswordHash HASH = PasswordHash.ofNobody(SALT_KEY);
  static final OperatorAccount ACCOUNT =
      new OperatorAccount("$mqtt-operator-00112233445566778899aabbccddeeff");

  private Samples() {}

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] content) {
    return new String(content, StandardCharsets.UTF_8);
  }

  static AclEntry entry(Right right, String filter) {
    return new AclEntry(right, new TopicFilter(filter));
  }

  static Arbitrary<Username> usernames() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('A', 'Z')
        .withCharRange('0', '9')
        .withChars("._@-")
        .ofMinLength(1)
        .ofMaxLength(12)
        .map(Username::new);
  }

  /** Filters with wildcards, spaces within, non-ASCII and words that mean something in the file. */
  static Arbitrary<TopicFilter> filters() {
    Arbitrary<String> level =
        Arbitraries.of("+", "", "a", "b c", "read", "user x", "topic", "é", "à", "😀", "%u", "{x}");
    return Combinators.combine(
            level.list().ofMinSize(1).ofMaxSize(4), Arbitraries.of("", "/#", "/$x", "/@REVISION@"))
        .as((levels, end) -> levels.stream().collect(Collectors.joining("/")) + end)
        .filter(filter -> TopicFilter.problem(filter).isEmpty())
        .map(TopicFilter::new);
  }

  static Arbitrary<AclEntry> entries() {
    return Combinators.combine(Arbitraries.of(Right.class), filters()).as(AclEntry::new);
  }

  static Arbitrary<UserAccess> users() {
    return Combinators.combine(usernames(), entries().list().ofMaxSize(5))
        .as((name, entries) -> new UserAccess(name, HASH, entries));
  }

  static Arbitrary<List<UserAccess>> distinctUsers() {
    return users().list().uniqueElements(UserAccess::name).ofMaxSize(20);
  }

  /** Strings that are made to break out of a line. */
  static Arbitrary<String> hostileStrings() {
    Arbitrary<String> part =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(6),
            Arbitraries.of(
                "\n",
                "\r\n",
                "\0",
                ":",
                " ",
                "\t",
                "\u0085",
                "\u2028",
                "\ud800",
                "\uffff",
                "\ufeff",
                "#",
                "+",
                "/",
                "$SYS",
                "$mqtt-operator/revision/",
                "user ",
                "topic write #",
                "{username}",
                "{namespace}",
                "@REVISION@",
                "alice",
                "\u00a0"));
    return part.list().ofMaxSize(4).map(parts -> String.join("", parts));
  }

  static Arbitrary<BrokerOptions> options() {
    return Combinators.combine(
            Arbitraries.of(BrokerOption.class).set(),
            Arbitraries.longs(),
            Arbitraries.of(LogType.class).set(),
            Arbitraries.of(true, false))
        .as(Samples::options);
  }

  private static BrokerOptions options(
      Set<BrokerOption> set, long seed, Set<LogType> logTypes, boolean connectionMessages) {
    var values = new EnumMap<BrokerOption, Long>(BrokerOption.class);
    for (BrokerOption option : set) {
      values.put(option, option.min() + Math.floorMod(seed, option.max() - option.min() + 1));
    }
    var types = EnumSet.of(LogType.ERROR);
    types.addAll(logTypes);
    return new BrokerOptions(values, types, connectionMessages);
  }
}
