package io.mqttoperator.operator.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.mqttoperator.api.Access;
import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttAclSpec;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.api.Tenant;
import io.mqttoperator.operator.access.Claims.Claim;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker takes from other namespaces; each case is an attempt to get more. */
class TenancyTest {

  private static final String HOME = "plant";
  private static final BrokerRef BROKER = new BrokerRef("fleet", HOME);
  private static final Map<String, Map<String, String>> NAMESPACES =
      Map.of(
          HOME,
          Map.of("team", "yes"),
          "red",
          Map.of("team", "yes", "size", "large"),
          "red-too",
          Map.of("team", "yes"),
          "blue",
          Map.of());

  @Test
  void selectsByTheNamespacesLabels() {
    var tenancy = tenancy(tenant("teams", Map.of("team", "yes"), "devices/{namespace}/#"));

    assertThat(tenancy.tenants()).containsOnlyKeys("red", "red-too");
    assertThat(tenancy.admits("plant")).isTrue();
    assertThat(tenancy.admits("blue")).isFalse();
    assertThat(tenancy.admits("nowhere")).isFalse();
    assertThat(tenancy.boundsOf("plant")).as("its own has no bounds").isEmpty();
  }

  @Test
  void theTopicsOfSeveralEntriesAddUp() {
    var tenancy =
        tenancy(
            new Tenant("a", selector(Map.of("team", "yes")), List.of("a/#"), 2, 30),
            new Tenant("b", selector(Map.of("size", "large")), List.of("b/#"), 20, 3));

    assertThat(tenancy.boundsOf("red").orElseThrow().describeTopics()).isEqualTo("a/#, b/#");
    assertThat(tenancy.boundsOf("red").orElseThrow().maxUsers()).isEqualTo(20);
    assertThat(tenancy.boundsOf("red").orElseThrow().maxRules()).isEqualTo(30);
    assertThat(tenancy.boundsOf("red-too").orElseThrow().describeTopics()).isEqualTo("a/#");
  }

  @Test
  void whereOnlyNamesAreKnownNoLabelIsTakenToBeAbsent() {
    var absent =
        new LabelSelectorBuilder()
            .addNewMatchExpression()
            .withKey("team")
            .withOperator("DoesNotExist")
            .endMatchExpression()
            .build();
    var named = selector(Map.of("kubernetes.io/metadata.name", "red"));
    var asked =
        List.of(
            new Tenant("absent", absent, List.of("a/#"), null, null),
            new Tenant("named", named, List.of("b/#"), null, null));

    var tenancy =
        Tenancy.of(
            HOME,
            asked,
            Set.of("red", "blue"),
            name -> Optional.of(Map.of("kubernetes.io/metadata.name", name)),
            false);

    assertThat(tenancy.tenants()).containsOnlyKeys("red");
    assertThat(tenancy.boundsOf("red").orElseThrow().describeTopics()).isEqualTo("b/#");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "devices/red/state",
        "devices/red/#",
        "devices/red/+/x",
        "devices/{namespace}/#",
        "devices/{namespace}/{username}/state",
        "devices/red",
        "open/one"
      })
  void allowsWithinItsTopics(String topic) {
    assertThat(check(acl("red", Samples.allUsers(), topic)).isTrue()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "+/red/#",
        "devices/#",
        "devices/+/state",
        "devices/red-too/state",
        "devices/redx/state",
        "devices/{username}/state",
        "{namespace}/red/#",
        "devices",
        "/devices/red/x",
        "devices//red/x",
        "open/#",
        "open/one/two",
        "open"
      })
  void refusesWhatReachesFurther(String topic) {
    var verdict = check(acl("red", Samples.allUsers(), "devices/red/x", topic));

    assertThat(verdict.reason()).isEqualTo(Reason.TOPIC_OUTSIDE_TENANCY);
    assertThat(verdict.message())
        .contains("spec.rules[1]", "\"" + topic + "\"", "devices/red/#, open/+");
  }

  @Test
  void theBrokersOwnTopicsAreNotForTenants() {
    var rule = new Rule(List.of("$SYS/broker/clients/total"), List.of(Access.SUBSCRIBE), null);
    var all = tenancy(tenant("teams", Map.of("team", "yes"), "#"));

    assertThat(AclRules.check(acl("red", Samples.allUsers(), rule), all).reason())
        .isEqualTo(Reason.TOPIC_OUTSIDE_TENANCY);
    assertThat(Tenancy.problem(tenant("sys", Map.of(), "$SYS/#"))).isPresent();
  }

  @Test
  void aDenyNeedsNoBound() {
    assertThat(check(acl("red", Samples.allUsers(), Samples.deny("#"))).isTrue()).isTrue();
  }

  @Test
  void aTenantMayNotSpeakForAnonymousClients() {
    assertThat(check(acl("red", Samples.anonymous(), "devices/red/x")).reason())
        .isEqualTo(Reason.INVALID);
  }

  @Test
  void aNamespaceThatIsNoTenantReachesNothing() {
    assertThat(check(acl("blue", Samples.allUsers(), "devices/blue/x")).reason())
        .isEqualTo(Reason.NAMESPACE_NOT_ALLOWED);
  }

  @Test
  void aTenantsNameBeginsWithItsNamespace() {
    var claims = claims(user("red", "meter", null), user("red-too", "meter", null));

    assertThat(claims)
        .extracting(claim -> UserObservation.usernameOf(claim.user()))
        .containsExactly("red.meter", "red-too.meter");
    assertThat(claims).allMatch(claim -> verdict(claim).isTrue());
  }

  @ParameterizedTest
  @CsvSource({"red-too.meter", "meter", "red", "redmeter", "plant.meter", "Red.meter"})
  void noOtherNameIsTaken(String username) {
    var owner = user(HOME, "owner", username);
    owner.getMetadata().setCreationTimestamp("2026-06-01T00:00:00Z");

    var claims = claims(user("red", "thief", username), owner);

    assertThat(verdict(claims.getFirst()).reason()).isEqualTo(Reason.INVALID);
    assertThat(claims.getLast().claimant()).as("though the thief was first").isSameAs(owner);
    assertThat(verdict(claims.getLast()).isTrue()).isTrue();
  }

  @Test
  void theOwnersNamesakeKeepsItsName() {
    var owner = user(HOME, "owner", "red.meter");
    owner.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");

    var claims = claims(owner, user("red", "meter", null));

    assertThat(verdict(claims.getLast()).reason()).isEqualTo(Reason.USERNAME_CONFLICT);
    assertThat(verdict(claims.getLast()).message())
        .as("says nothing of objects that the tenant may not see")
        .doesNotContain("owner")
        .contains("of another namespace");
  }

  @Test
  void thoseBeyondTheQuotaAreRefusedTheNewestFirst() {
    var users =
        IntStream.range(0, 4)
            .mapToObj(
                number -> {
                  var user = user("red", "meter-" + number, null);
                  user.getMetadata()
                      .setCreationTimestamp("2026-05-0%dT00:00:00Z".formatted(9 - number));
                  return user;
                })
            .toArray(MqttUser[]::new);

    var claims =
        Claims.of(
            List.of(users),
            tenancy(new Tenant("t", selector(Map.of("team", "yes")), null, 3, null)));

    assertThat(claims)
        .filteredOn(claim -> verdict(claim).isTrue())
        .extracting(claim -> claim.user().getMetadata().getName())
        .containsExactly("meter-3", "meter-2", "meter-1");
    assertThat(verdict(claims.getLast()).reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
  }

  @Test
  void aSecretUnderTheNameOfARefusedUserLetsNobodyIn() {
    var claim = claims(user("red", "thief", "meter")).getFirst();
    var forged =
        new UserObservation(
            claim.user(),
            claim.claimant(),
            claim.standing(),
            Optional.empty(),
            Optional.of(new UserObservation.WrittenPassword(Samples.GENERATED, 1)));

    assertThat(Samples.decided(forged).mayLogIn()).isFalse();
  }

  @Test
  void onlyTheHolderOfANameHasItsSession() {
    var owner = user(HOME, "owner", "pump");
    var thief = user("red", "thief", "pump");
    var namesake = user(HOME, "second", "pump");
    namesake.getMetadata().setCreationTimestamp("2026-06-01T00:00:00Z");

    assertThat(claims(owner, thief, namesake))
        .filteredOn(claim -> seen(claim).holdsUsername())
        .extracting(Claim::user)
        .containsExactly(owner);
  }

  @Test
  void rulesBeyondTheQuotaAreRefusedTheNewestFirst() {
    var bounds = new Tenant("t", selector(Map.of("team", "yes")), List.of("#"), 10, 3);
    var old = acl("red", Samples.allUsers(), "a", "b");
    old.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
    var young = acl("red", Samples.allUsers(), "c", "d");
    young.getMetadata().setCreationTimestamp("2026-02-01T00:00:00Z");

    var plan = AccessPlan.of(List.of(), List.of(young, old), tenancy(bounds));

    assertThat(plan.acls())
        .extracting(acl -> acl.accepted().reason())
        .containsExactly(Reason.ACCEPTED, Reason.QUOTA_EXCEEDED);
    assertThat(plan.rules()).isEqualTo(2);
  }

  @Test
  void rulesThatWouldFillTheBrokerAreRefusedBeforeTheyAreWrittenOut() {
    var bounds = new Tenant("t", selector(Map.of("team", "yes")), List.of("#"), 2, 1000);
    var tenancy = tenancy(bounds);
    var users = claims(user("red", "one", null), user("red", "two", null));
    var decided = users.stream().map(TenancyTest::decided).toList();
    var topics = IntStream.range(0, 101).mapToObj(number -> "t/" + number).toArray(String[]::new);

    var plan = AccessPlan.of(decided, List.of(acl("red", Samples.allUsers(), topics)), tenancy);

    assertThat(plan.acls().getFirst().accepted().reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(plan.acls().getFirst().accepted().message()).contains("200 lines", "202");
    assertThat(plan.entries()).isEmpty();
  }

  @Test
  void whereNotAllFitsTheTenantGoesThatFillsAShardTheMost() {
    var tenancy = tenancy(new Tenant("t", selector(Map.of("team", "yes")), List.of("#"), 9, 9));
    var users =
        claims(user(HOME, "own", null), user("red", "one", null), user("red-too", "two", null));
    var acls =
        List.of(
            acl(HOME, Samples.allUsers(), "a/long/topic/of/the/brokers/own/namespace"),
            acl("red", Samples.allUsers(), "short"),
            acl("red-too", Samples.allUsers(), "\u00e4\u00e4\u00e4"));
    var plan = AccessPlan.of(users.stream().map(TenancyTest::decided).toList(), acls, tenancy);

    assertThat(plan.largestTenant(tenancy)).as("six bytes, not three").contains("red-too");
    var cut = plan.without("red-too");
    assertThat(cut.acls())
        .extracting(acl -> acl.accepted().reason())
        .containsExactlyInAnyOrder(Reason.ACCEPTED, Reason.ACCEPTED, Reason.TOO_LARGE);
    assertThat(cut.users())
        .filteredOn(UserDecision::mayLogIn)
        .extracting(user -> user.seen().uid())
        .containsExactlyInAnyOrder("plant/own", "red/one");
    assertThat(cut.entries()).containsOnlyKeys("plant/own", "red/one");
    assertThat(plan.rules()).isEqualTo(3);
    assertThat(cut.rules()).isEqualTo(2);
    assertThat(cut.largestTenant(tenancy)).contains("red");
    assertThat(cut.without("red").largestTenant(tenancy)).isEmpty();
  }

  @Test
  void theOwnersRulesAreForItsOwnUsersAlone() {
    var users = claims(user(HOME, "own", null), user("red", "own", null));
    var plan =
        AccessPlan.of(
            users.stream().map(TenancyTest::decided).toList(),
            List.of(
                acl(HOME, Samples.allUsers(), "secret"), acl(HOME, Samples.named("own"), "named")),
            teams());

    assertThat(plan.entries()).containsOnlyKeys("plant/own");
  }

  private static Tenancy teams() {
    return tenancy(tenant("teams", Map.of("team", "yes"), "devices/{namespace}/#", "open/+"));
  }

  private static Tenancy tenancy(Tenant... tenants) {
    return Tenancy.of(
        HOME,
        List.of(tenants),
        Stream.concat(NAMESPACES.keySet().stream(), Stream.of("nowhere")).toList(),
        name -> Optional.ofNullable(NAMESPACES.get(name)),
        true);
  }

  private static Tenant tenant(String name, Map<String, String> labels, String... topics) {
    return new Tenant(name, selector(labels), List.of(topics), null, null);
  }

  private static LabelSelector selector(Map<String, String> labels) {
    return new LabelSelectorBuilder().withMatchLabels(labels).build();
  }

  private static MqttUser user(String namespace, String name, @Nullable String username) {
    var user = Samples.user(name, new MqttUserSpec(BROKER, username, null, null, null));
    user.getMetadata().setNamespace(namespace);
    user.getMetadata().setUid(namespace + "/" + name);
    user.getMetadata().setCreationTimestamp("2026-05-01T00:00:00Z");
    return user;
  }

  private static List<Claim> claims(MqttUser... users) {
    return Claims.of(List.of(users), teams());
  }

  private static UserObservation seen(Claim claim) {
    return new UserObservation(
        claim.user(),
        claim.claimant(),
        claim.standing(),
        Optional.empty(),
        Optional.of(new UserObservation.WrittenPassword(Samples.GENERATED, 1)));
  }

  private static UserDecision decided(Claim claim) {
    return Samples.decided(seen(claim));
  }

  private static Verdict verdict(Claim claim) {
    return decided(claim).accepted();
  }

  private static Verdict check(MqttAcl acl) {
    return AclRules.check(acl, teams());
  }

  private static MqttAcl acl(String namespace, List<Subject> subjects, String... topics) {
    return acl(
        namespace,
        subjects,
        Stream.of(topics).map(topic -> Samples.allow(topic, Access.PUBLISH)).toArray(Rule[]::new));
  }

  private static MqttAcl acl(String namespace, List<Subject> subjects, Rule... rules) {
    var acl = Samples.acl("rules", subjects, rules);
    acl.getMetadata().setNamespace(namespace);
    acl.setSpec(new MqttAclSpec(BROKER, subjects, List.of(rules)));
    return acl;
  }
}
