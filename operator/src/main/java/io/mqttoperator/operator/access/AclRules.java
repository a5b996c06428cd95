package io.mqttoperator.operator.access;

import io.mqttoperator.api.Access;
import io.mqttoperator.api.Effect;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.TopicTemplate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether an ACL is accepted. Most of it the schema has refused already; this holds even where the
 * schema is older or newer than the operator.
 */
public final class AclRules {

  private AclRules() {}

  /** The verdict for {@code Accepted}: the first problem, or that there is none. */
  public static Verdict check(MqttAcl acl, Tenancy tenancy) {
    var namespace = acl.getMetadata().getNamespace();
    if (!tenancy.admits(namespace)) {
      return UserRules.notAllowed(namespace, acl.getSpec().brokerRef().namespace());
    }
    var problems =
        Stream.concat(subjectProblems(acl), ruleProblems(acl))
            .map(problem -> Verdict.no(Reason.INVALID, problem));
    var crossings =
        tenancy.boundsOf(namespace).stream().flatMap(bounds -> tenantProblems(acl, bounds));
    return Stream.concat(problems, crossings)
        .findFirst()
        .orElseGet(() -> Verdict.yes(Reason.ACCEPTED, "The ACL is valid."));
  }

  /** Of an ACL that would be valid in the broker's own namespace. */
  private static Stream<Verdict> tenantProblems(MqttAcl acl, TenantBounds bounds) {
    var anonymous =
        Stream.of(acl)
            .filter(AclRules::isForAnonymous)
            .map(
                named ->
                    Verdict.no(
                        Reason.INVALID,
                        "spec.subjects: anonymous clients are the broker's own: only ACLs of its"
                            + " namespace may be for them."));
    var rules = acl.getSpec().rules();
    var crossings =
        IntStream.range(0, rules.size())
            .boxed()
            .filter(i -> !isDeny(rules.get(i)))
            .flatMap(i -> crossing(acl, i, bounds));
    return Stream.concat(anonymous, crossings);
  }

  private static Stream<Verdict> crossing(MqttAcl acl, int rule, TenantBounds bounds) {
    var namespace = acl.getMetadata().getNamespace();
    return acl.getSpec().rules().get(rule).topics().stream()
        .filter(topic -> !bounds.allow(new TopicTemplate(topic), namespace))
        .map(
            topic ->
                Verdict.no(
                    Reason.TOPIC_OUTSIDE_TENANCY,
                    "spec.rules[%d]: topic \"%s\" is not within what namespace %s may allow: %s."
                        .formatted(rule, topic, namespace, bounds.describeTopics())));
  }

  static boolean isForAnonymous(MqttAcl acl) {
    return acl.getSpec().subjects().stream()
        .anyMatch(subject -> Boolean.TRUE.equals(subject.anonymous()));
  }

  private static Stream<String> subjectProblems(MqttAcl acl) {
    var subjects = acl.getSpec().subjects();
    return IntStream.range(0, subjects.size())
        .boxed()
        .flatMap(
            i ->
                subjectProblem(subjects.get(i))
                    .map(problem -> "spec.subjects[%d]: %s".formatted(i, problem))
                    .stream());
  }

  private static Optional<String> subjectProblem(Subject subject) {
    if (kinds(subject) != 1) {
      return Optional.of("set exactly one of user, userSelector, allUsers, anonymous.");
    }
    // A Deny for users that cannot be told from others must not silently be for none.
    return Optional.ofNullable(subject.userSelector())
        .filter(selector -> !Selectors.isKnown(selector))
        .map(selector -> "this version of the operator does not know this userSelector.");
  }

  private static long kinds(Subject subject) {
    return Stream.of(
            subject.user() != null,
            subject.userSelector() != null,
            Boolean.TRUE.equals(subject.allUsers()),
            Boolean.TRUE.equals(subject.anonymous()))
        .filter(set -> set)
        .count();
  }

  private static Stream<String> ruleProblems(MqttAcl acl) {
    var rules = acl.getSpec().rules();
    var anonymous = isForAnonymous(acl);
    return IntStream.range(0, rules.size())
        .boxed()
        .flatMap(
            i ->
                ruleProblem(rules.get(i), anonymous)
                    .map(problem -> "spec.rules[%d]: %s".formatted(i, problem))
                    .stream());
  }

  private static Optional<String> ruleProblem(Rule rule, boolean anonymous) {
    if (rule.effect() == Effect.UNKNOWN || accessOf(rule).contains(Access.UNKNOWN)) {
      return Optional.of("this version of the operator does not know this effect or access.");
    }
    if (!isDeny(rule) && accessOf(rule).isEmpty()) {
      return Optional.of("access is required where the effect is Allow.");
    }
    return rule.topics().stream()
        .flatMap(topic -> topicProblem(rule, topic, anonymous).stream())
        .findFirst();
  }

  private static Optional<String> topicProblem(Rule rule, String topic, boolean anonymous) {
    var problem = TopicTemplate.problem(topic);
    if (problem.isPresent()) {
      return Optional.of("topic \"" + topic + "\": " + problem.get() + ".");
    }
    if (topic.startsWith("$") && accessOf(rule).contains(Access.PUBLISH)) {
      return Optional.of("topic \"" + topic + "\": topics under $SYS can only be subscribed to.");
    }
    if (anonymous && topic.contains("{username}")) {
      return Optional.of(
          "topic \""
              + topic
              + "\": an anonymous client has no username; write a rule of its own for it.");
    }
    return Optional.empty();
  }

  static boolean isDeny(Rule rule) {
    return rule.effect() == Effect.DENY;
  }

  static List<Access> accessOf(Rule rule) {
    return orEmpty(rule.access());
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
