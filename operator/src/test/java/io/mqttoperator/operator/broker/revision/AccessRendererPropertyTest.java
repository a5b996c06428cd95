package io.mqttoperator.operator.broker.revision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.mqttoperator.api.Access;
import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.Effect;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttAclSpec;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.PasswordSecretRef;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.AclRules;
import io.mqttoperator.operator.access.OwnPassword;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserObservation.WrittenPassword;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.certificates.SecretKeeperTest;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.broker.clients.CredentialRules;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import io.mqttoperator.operator.mosquitto.AccessHead;
import io.mqttoperator.operator.mosquitto.AclEntry;
import io.mqttoperator.operator.mosquitto.AclFile;
import io.mqttoperator.operator.mosquitto.PasswordFile;
import io.mqttoperator.operator.mosquitto.Right;
import io.mqttoperator.operator.mosquitto.TopicFilter;
import io.mqttoperator.operator.mosquitto.Username;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Whatever stands in the fields of users and ACLs: the files hold the accepted users and what is
 * granted to them, and never a line more.
 */
class AccessRendererPropertyTest {

  private static final BrokerSecrets SECRETS = made();

  @Property(tries = 500)
  void theFilesHoldWhatIsAcceptedAndNeverALineMore(
      @ForAll("users") List<UserObservation> users, @ForAll("acls") List<MqttAcl> acls)
      throws DoNotFit {
    var decided =
        claimed(users).stream()
            .map(seen -> CredentialRules.decide(seen, Samples.PASSWORDS, StoredHashes.NONE))
            .toList();
    var plan = AccessPlan.of(decided, acls, Tenancy.none("plant"));
    var files =
        new AccessRenderer()
            .render(Samples.defaults().configuration(), Starts.NONE, SECRETS, plan, 1, 2);
    var revision = files.revision().files();

    var passwords = new ArrayList<Username>();
    var sections = new HashMap<Username, List<AclEntry>>();
    for (int shard = 0; shard < 2; shard++) {
      var password = Objects.requireNonNull(revision.get("password-" + shard));
      var names = PasswordFile.parse(password).users().keySet();
      passwords.addAll(names);
      assertThat(lines(password)).isEqualTo(names.size());
      var acl = Objects.requireNonNull(revision.get("acl-" + shard));
      var parsed = AclFile.parse(acl).sections();
      sections.putAll(parsed);
      assertThat(lines(acl))
          .isEqualTo(parsed.values().stream().mapToInt(entries -> entries.size() + 1).sum());
    }
    var expected = new HashMap<Username, List<AclEntry>>();
    for (var user : decided) {
      if (mayLogIn(user)) {
        var entries = granted(user, acls);
        expected.put(new Username(user.seen().username()), entries);
      }
    }
    assertThat(passwords).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.values().removeIf(List::isEmpty);
    assertThat(sections).isEqualTo(expected);
    assertThat(files.users()).isEqualTo(passwords.size());

    var aclHead = Objects.requireNonNull(revision.get("acl-head"));
    var passwordHead = Objects.requireNonNull(revision.get("password-head"));
    var head = AccessHead.parse(aclHead, passwordHead);
    assertThat(head.account()).isEqualTo(SECRETS.internal().account());
    assertThat(lines(aclHead)).isEqualTo(4 + head.anonymous().size());
    assertThat(lines(passwordHead)).isOne();
    assertThat(head.anonymous()).isEqualTo(grantedToAnonymous(acls));
  }

  /** Said once more, from the resource alone. */
  private static boolean mayLogIn(UserDecision user) {
    var resource = user.user();
    return "plant".equals(resource.getMetadata().getNamespace())
        && !Boolean.TRUE.equals(resource.getSpec().disabled())
        && resource.getMetadata().getUid().equals(user.seen().claimant().getMetadata().getUid())
        && user.seen().username().matches("[A-Za-z0-9._@-]{1,128}")
        && (user.seen().ownPassword().isEmpty()
            || user.seen().ownPassword().get() instanceof OwnPassword.Found);
  }

  private static List<AclEntry> granted(UserDecision user, List<MqttAcl> acls) {
    var words = new TreeMap<String, String>();
    for (var acl : acls) {
      if (AclRules.check(acl, Tenancy.none("plant")).isTrue()
          && acl.getSpec().subjects().stream().anyMatch(s -> isFor(s, user.user()))) {
        acl.getSpec().rules().forEach(rule -> grant(rule, user.seen().username(), words));
      }
    }
    return parsed(words);
  }

  private static List<AclEntry> grantedToAnonymous(List<MqttAcl> acls) {
    var words = new TreeMap<String, String>();
    for (var acl : acls) {
      if (AclRules.check(acl, Tenancy.none("plant")).isTrue()
          && acl.getSpec().subjects().stream().anyMatch(subject -> subject.anonymous() != null)) {
        acl.getSpec().rules().forEach(rule -> grant(rule, "", words));
      }
    }
    return parsed(words);
  }

  private static boolean isFor(Subject subject, MqttUser user) {
    var selector = subject.userSelector();
    return user.getMetadata().getName().equals(subject.user())
        || Boolean.TRUE.equals(subject.allUsers())
        || (selector != null
            && user.getMetadata()
                .getLabels()
                .entrySet()
                .containsAll(selector.getMatchLabels().entrySet()));
  }

  private static void grant(Rule rule, String username, Map<String, String> words) {
    for (var topic : rule.topics()) {
      var filter =
          Arrays.stream(topic.split("/", -1))
              .map(level -> level.equals("{username}") ? username : level)
              .map(level -> level.equals("{namespace}") ? "plant" : level)
              .collect(Collectors.joining("/"));
      var access = rule.access() == null ? List.<Access>of() : rule.access();
      var letters =
          rule.effect() == Effect.DENY
              ? "d"
              : (access.contains(Access.PUBLISH) ? "w" : "")
                  + (access.contains(Access.SUBSCRIBE) ? "r" : "");
      words.merge(filter, letters, String::concat);
    }
  }

  private static List<AclEntry> parsed(Map<String, String> words) {
    return AclEntry.merged(
        words.entrySet().stream()
            .map(line -> new AclEntry(right(line.getValue()), new TopicFilter(line.getKey())))
            .toList());
  }

  private static Right right(String letters) {
    if (letters.contains("d")) {
      return Right.DENY;
    }
    if (letters.contains("r") && letters.contains("w")) {
      return Right.READWRITE;
    }
    return letters.contains("r") ? Right.READ : Right.WRITE;
  }

  private static long lines(byte[] file) {
    return new String(file, UTF_8).chars().filter(character -> character == '\n').count();
  }

  /** The first of each name has it, as the observer decides. */
  private static List<UserObservation> claimed(List<UserObservation> users) {
    var claims = new HashMap<String, MqttUser>();
    users.stream()
        .filter(seen -> "plant".equals(seen.user().getMetadata().getNamespace()))
        .forEach(seen -> claims.putIfAbsent(seen.username(), seen.user()));
    return users.stream()
        .map(
            seen ->
                new UserObservation(
                    seen.user(),
                    claims.getOrDefault(seen.username(), seen.user()),
                    "plant".equals(seen.user().getMetadata().getNamespace())
                        ? new Standing.Member()
                        : new Standing.Outsider(),
                    seen.ownPassword(),
                    seen.current()))
        .toList();
  }

  @Provide
  Arbitrary<List<UserObservation>> users() {
    return Combinators.combine(
            names(),
            names().injectNull(0.6),
            Arbitraries.of(true, false).injectNull(0.7),
            passwords(),
            labels(),
            Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just("plant")), Tuple.of(1, Arbitraries.just("elsewhere"))))
        .as(AccessRendererPropertyTest::user)
        .list()
        .ofMaxSize(6)
        .uniqueElements(
            seen ->
                seen.user().getMetadata().getNamespace()
                    + "/"
                    + seen.user().getMetadata().getName());
  }

  @Provide
  Arbitrary<List<MqttAcl>> acls() {
    var rule =
        Combinators.combine(
                topics().list().ofMinSize(1).ofMaxSize(2),
                Arbitraries.of(Access.class).list().ofMaxSize(2).injectNull(0.3),
                Arbitraries.of(Effect.class).injectNull(0.5))
            .as(Rule::new);
    return Combinators.combine(
            subjects().list().ofMinSize(1).ofMaxSize(2), rule.list().ofMinSize(1).ofMaxSize(2))
        .as(AccessRendererPropertyTest::acl)
        .list()
        .ofMaxSize(4);
  }

  private static Arbitrary<Subject> subjects() {
    return Arbitraries.oneOf(
        names().map(name -> new Subject(name, null, null, null)),
        labels()
            .map(
                labels ->
                    new Subject(
                        null,
                        new LabelSelectorBuilder().withMatchLabels(labels).build(),
                        null,
                        null)),
        Arbitraries.just(new Subject(null, null, true, null)),
        Arbitraries.just(new Subject(null, null, null, true)));
  }

  private static Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.of("alice", "bob", "c@x.y", "A_b-1"),
        hostile(),
        Arbitraries.strings().ofMaxLength(5));
  }

  private static Arbitrary<String> topics() {
    return Arbitraries.oneOf(
        Arbitraries.of("a", "a/+", "#", "$SYS/#", "{namespace}/{username}", "a/{username}/#"),
        hostile(),
        Arbitraries.strings().ofMaxLength(6));
  }

  private static Arbitrary<Map<String, String>> labels() {
    return Arbitraries.maps(Arbitraries.of("line", "site"), Arbitraries.of("one", "\n", ""))
        .ofMaxSize(2);
  }

  private static Arbitrary<Optional<OwnPassword>> passwords() {
    return Arbitraries.oneOf(
        Arbitraries.just(Optional.empty()),
        Arbitraries.of(
            Optional.of(new OwnPassword.Absent()), Optional.of(new OwnPassword.NotOffered())),
        Arbitraries.bytes()
            .array(byte[].class)
            .ofMaxSize(12)
            .map(bytes -> Optional.of(new OwnPassword.Found(new SecretBytes(bytes), "7"))),
        hostile()
            .map(
                text ->
                    Optional.of(
                        new OwnPassword.Found(new SecretBytes(text.getBytes(UTF_8)), "8"))));
  }

  private static Arbitrary<String> hostile() {
    return Arbitraries.of(
            "alice",
            "\n",
            "\r",
            "\0",
            ":",
            " ",
            "user root",
            "topic readwrite #",
            "pattern read #",
            "$7$1$",
            "$mqtt-operator/revision/x",
            "@REVISION@",
            "@DIRECTORY@",
            "\u2028",
            "\ud800",
            "%u",
            "{username}",
            "/",
            "+",
            "#",
            "$SYS",
            "\ufeff",
            "\u0085",
            "é")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(parts -> String.join("", parts));
  }

  private static UserObservation user(
      String name,
      @Nullable String username,
      @Nullable Boolean disabled,
      Optional<OwnPassword> own,
      Map<String, String> labels,
      String namespace) {
    var user = new MqttUser();
    var password =
        own.isEmpty() ? null : new UserPassword(new PasswordSecretRef(name, null, null), null);
    place(user, namespace, name);
    user.getMetadata().setLabels(labels);
    user.setSpec(
        new MqttUserSpec(new BrokerRef("fleet", "plant"), username, disabled, password, null));
    return new UserObservation(
        user,
        user,
        new Standing.Member(),
        own,
        Optional.of(
            new WrittenPassword(
                new SecretBytes("b".repeat(43).getBytes(UTF_8)), own.isEmpty() ? 1 : 0)));
  }

  private static MqttAcl acl(List<Subject> subjects, List<Rule> rules) {
    var acl = new MqttAcl();
    place(acl, "plant", "rules");
    acl.setSpec(new MqttAclSpec(new BrokerRef("fleet", null), subjects, rules));
    return acl;
  }

  private static void place(HasMetadata resource, String namespace, String name) {
    resource.getMetadata().setNamespace(namespace);
    resource.getMetadata().setName(name);
    resource.getMetadata().setUid(namespace + "/" + name);
  }

  private static BrokerSecrets made() {
    try {
      return SecretKeeperTest.keep(Samples.defaults(), Samples.nothing(), Samples.NOW);
    } catch (UnusableAuthority impossible) {
      throw new AssertionError(impossible);
    }
  }
}
