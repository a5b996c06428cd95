package io.mqttoperator.operator.access;

import static io.mqttoperator.operator.access.Samples.acl;
import static io.mqttoperator.operator.access.Samples.allUsers;
import static io.mqttoperator.operator.access.Samples.allow;
import static io.mqttoperator.operator.access.Samples.anonymous;
import static io.mqttoperator.operator.access.Samples.deny;
import static io.mqttoperator.operator.access.Samples.named;
import static io.mqttoperator.operator.access.Samples.user;
import static io.mqttoperator.operator.access.Samples.withUsername;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.mqttoperator.api.Access;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.operator.access.Reach.Extent;
import io.mqttoperator.operator.mosquitto.Subscription;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ClientAccessTest {

  private static final Client ALICE = Client.User.of(user("alice"));
  private static final Client NOBODY = new Client.Anonymous();

  @Test
  void namesTheRuleThatAllows() {
    var rules =
        acl(
            "machines",
            allUsers(),
            allow("other", Access.PUBLISH),
            allow("machines/{username}/#", Access.PUBLISH));
    assertThat(access(ALICE, rules).publish("machines/alice/state"))
        .isInstanceOf(Decision.Allowed.class)
        .asString()
        .contains("MqttAcl machines, spec.rules[1], Allow \"machines/{username}/#\"");
    assertThat(access(ALICE, rules).publish("machines/bob/state"))
        .isEqualTo(new Decision.NotAllowed());
    assertThat(access(ALICE, rules).receive("machines/alice/state").isAllowed()).isFalse();
  }

  @Test
  void aDenyOfAnyAclDecidesBothDirections() {
    var access =
        access(
            ALICE,
            acl("all", allUsers(), allow("#", Access.PUBLISH, Access.SUBSCRIBE)),
            acl("few", named("alice"), deny("secret/#")));
    for (var decision : List.of(access.publish("secret"), access.receive("secret/a"))) {
      assertThat(decision).isInstanceOf(Decision.Denied.class);
      assertThat(((Decision.Denied) decision).by().acl()).isEqualTo("few");
    }
    assertThat(access.publish("public").isAllowed()).isTrue();
  }

  @Test
  void anAclIsForWhomItsSubjectsMatch() {
    var selector = new LabelSelectorBuilder().addToMatchLabels("line", "one").build();
    var bySelector = List.of(new Subject(null, selector, null, null));
    var labelled = new Client.User(Samples.NAMESPACE, "bob", "bob", Map.of("line", "one"));
    var elsewhere = new Client.User("elsewhere", "alice", "alice", Map.of("line", "one"));
    var renamed = Client.User.of(withUsername("carol", "alice"));
    var toRead = allow("a", Access.SUBSCRIBE);
    for (var rules :
        List.of(
            acl("r", named("alice"), toRead),
            acl("r", allUsers(), toRead),
            acl("r", bySelector, toRead),
            acl("r", anonymous(), toRead))) {
      var subject = rules.getSpec().subjects().getFirst();
      assertThat(mayReceive(ALICE, rules))
          .isEqualTo(subject.user() != null || subject.allUsers() != null);
      assertThat(mayReceive(labelled, rules))
          .isEqualTo(subject.allUsers() != null || subject.userSelector() != null);
      assertThat(mayReceive(renamed, rules)).isEqualTo(subject.allUsers() != null);
      assertThat(mayReceive(elsewhere, rules)).isFalse();
      assertThat(mayReceive(NOBODY, rules)).isEqualTo(subject.anonymous() != null);
    }
  }

  /** The schema refuses such names; the definition holds without it. */
  @Test
  void aPlaceholderIsOneLevelWhateverTheName() {
    for (var name : List.of("+", "#", "a/b", "$SYS", "{username}")) {
      var client = new Client.User(Samples.NAMESPACE, "x", name, Map.of());
      var access = access(client, acl("r", allUsers(), allow("{username}/x", Access.PUBLISH)));
      for (var topic : List.of("a/x", "a/b/x", "a", "alice/x", "x")) {
        assertThat(access.publish(topic).isAllowed()).as(name + " " + topic).isFalse();
      }
    }
  }

  @Test
  void theServersOwnTopicsAreNeverCoveredByAWildcard() {
    var access =
        access(
            ALICE,
            acl("r", allUsers(), allow("#", Access.SUBSCRIBE), allow("+/b", Access.SUBSCRIBE)));
    assertThat(access.receive("$SYS/b").isAllowed()).isFalse();
    assertThat(access.receive("$b").isAllowed()).isFalse();
    assertThat(access.receive("a/$SYS/b").isAllowed()).isTrue();
    var system = access(ALICE, acl("r", allUsers(), allow("$SYS/#", Access.SUBSCRIBE)));
    assertThat(system.receive("$SYS/broker/version").isAllowed()).isTrue();
    assertThat(system.subscribe("#").extent()).isEqualTo(Extent.NONE);
    assertThat(system.subscribe("$SYS/broker/+").extent()).isEqualTo(Extent.ALL);
    assertThat(system.subscribe("$share/group/$SYS/#").extent()).isEqualTo(Extent.NONE);
  }

  @Test
  void aSubscriptionIsAnsweredByWhatComesOfIt() {
    var access =
        access(
            ALICE,
            acl(
                "r",
                allUsers(),
                allow("a/#", Access.SUBSCRIBE),
                deny("a/+/secret"),
                allow("b/c", Access.SUBSCRIBE)));
    assertThat(access.subscribe("a/b").extent()).isEqualTo(Extent.ALL);
    assertThat(access.subscribe("a/b/+/+").extent()).isEqualTo(Extent.ALL);
    assertThat(access.subscribe("b/#").extent()).isEqualTo(Extent.SOME);
    assertThat(access.subscribe("+").extent()).isEqualTo(Extent.SOME);
    assertThat(access.subscribe("+/+/secret").extent()).isEqualTo(Extent.NONE);
    assertThat(access.subscribe("$share/group/a/b").extent()).isEqualTo(Extent.ALL);
    var reach = access.subscribe("a/#");
    assertThat(reach.extent()).isEqualTo(Extent.SOME);
    assertThat(reach.delivered().orElseThrow().topic()).isEqualTo("a");
    assertThat(reach.withheld().orElseThrow().topic()).endsWith("/secret");
    assertThat(reach.withheld().orElseThrow().decision()).isInstanceOf(Decision.Denied.class);
  }

  /** What allows all together, though no rule does alone. */
  @Test
  void rulesAddUp() {
    var access =
        access(
            ALICE,
            acl("r", allUsers(), allow("+", Access.SUBSCRIBE), allow("+/+/#", Access.SUBSCRIBE)));
    assertThat(access.subscribe("#").extent()).isEqualTo(Extent.ALL);
  }

  /** Deciding it is exponential in the worst case, and nobody waits for that. */
  @Test
  void givesUpWhereWildcardsCrossTooMuch() {
    var crossing =
        IntStream.range(0, 24)
            .mapToObj(
                at ->
                    IntStream.range(0, 24)
                        .mapToObj(level -> level == at ? "x" : "+")
                        .collect(Collectors.joining("/")))
            .map(Samples::deny)
            .toArray(Rule[]::new);
    var filter = String.join("/", Collections.nCopies(24, "+"));
    var access = access(ALICE, acl("r", allUsers(), crossing));
    assertThat(access.subscribe(filter).extent()).isEqualTo(Extent.UNKNOWN);
  }

  @Test
  void refusesWhatNoClientCanAsk() {
    var access = access(ALICE);
    for (var topic : List.of("", "a/+", "#", "a\n", "/".repeat(201))) {
      assertThatIllegalArgumentException().isThrownBy(() -> access.publish(topic));
    }
    for (var filter : List.of("", "a#", "a/#/b", "+a", "$share/g", "$share", "$share/g+/a")) {
      assertThatIllegalArgumentException().isThrownBy(() -> access.subscribe(filter));
    }
  }

  /** The search, and a look at each of all short topics. */
  @Property
  void aSubscriptionIsTheSumOfItsTopics(
      @ForAll("filters") List<String> allowed,
      @ForAll("filters") List<String> denied,
      @ForAll("filter") String filter) {
    var rules =
        Stream.concat(
            allowed.stream().map(topic -> allow(topic, Access.SUBSCRIBE)),
            denied.stream().map(Samples::deny));
    var access = access(ALICE, acl("r", allUsers(), rules.toArray(Rule[]::new)));
    var answers =
        topics(4)
            .filter(topic -> TopicPattern.of(filter).covers(topic))
            .map(topic -> access.receive(topic).isAllowed())
            .collect(Collectors.toSet());
    assertThat(access.subscribe(filter).extent())
        .isEqualTo(
            answers.size() == 2 ? Extent.SOME : answers.contains(true) ? Extent.ALL : Extent.NONE);
  }

  /** All topics of names that the filters have, and of one that none has. */
  private static Stream<String> topics(int levels) {
    var names = List.of("", "a", "b", "other");
    var topics = List.of("");
    var all = new ArrayList<String>();
    for (int level = 0; level < levels; level++) {
      var shorter = topics;
      var separator = level == 0 ? "" : "/";
      topics =
          shorter.stream()
              .flatMap(topic -> names.stream().map(name -> topic + separator + name))
              .toList();
      all.addAll(topics);
    }
    return all.stream().filter(topic -> !topic.isEmpty());
  }

  @Provide
  Arbitrary<List<String>> filters() {
    return filter().list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> filter() {
    return Arbitraries.of("", "a", "b", "+", "#")
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(levels -> String.join("/", levels))
        .filter(filter -> Subscription.problem(filter).isEmpty());
  }

  private static boolean mayReceive(Client client, MqttAcl rules) {
    return access(client, rules).receive("a").isAllowed();
  }

  private static ClientAccess access(Client client, MqttAcl... acls) {
    return new BrokerAccess(List.of(acls)).of(client);
  }
}
