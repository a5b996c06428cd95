package io.mqttoperator.operator.access;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.mqttoperator.api.Tenant;
import io.mqttoperator.operator.mosquitto.TopicFilter;
import io.mqttoperator.operator.mosquitto.TopicTemplate;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From which namespaces a broker takes users and ACLs: its own, without bounds, and those of its
 * tenants.
 *
 * @param home the broker's own namespace
 * @param tenants by namespace
 */
public record Tenancy(String home, Map<String, TenantBounds> tenants) {

  private static final String NAME_LABEL = "kubernetes.io/metadata.name";
  private static final int DEFAULT_QUOTA = 1000;

  public Tenancy {
    tenants = Map.copyOf(tenants);
  }

  /** Of a broker without tenants. */
  public static Tenancy none(String home) {
    return new Tenancy(home, Map.of());
  }

  /**
   * Finds the tenants among {@code candidates}. Of a namespace that several entries select the
   * topics add up, and the largest quotas count.
   *
   * @param labelsOf the labels of a namespace; empty if there is none of that name
   * @param isComplete whether those are all its labels, and not its name alone
   */
  public static Tenancy of(
      String home,
      List<Tenant> asked,
      Collection<String> candidates,
      Function<String, Optional<Map<String, String>>> labelsOf,
      boolean isComplete) {
    var tenants = new HashMap<String, TenantBounds>();
    for (var namespace : Set.copyOf(candidates)) {
      var labels = labelsOf.apply(namespace);
      if (namespace.equals(home) || labels.isEmpty()) {
        continue;
      }
      asked.stream()
          .filter(tenant -> selects(tenant, labels.get(), isComplete))
          .map(tenant -> bounds(tenant, namespace))
          .reduce(Tenancy::sum)
          .ifPresent(bounds -> tenants.put(namespace, bounds));
    }
    return new Tenancy(home, tenants);
  }

  /** Says, as a sentence, what of an entry cannot be used; the schema lets none of it through. */
  public static Optional<String> problem(Tenant tenant) {
    if (tenant.namespaceSelector() == null || !Selectors.isKnown(tenant.namespaceSelector())) {
      return Optional.of(
          "spec.access.tenants: this version of the operator does not know the namespaceSelector"
              + " of %s.".formatted(tenant.name()));
    }
    return topics(tenant).stream()
        .flatMap(topic -> topicProblem(topic).stream())
        .map(problem -> "spec.access.tenants: a topic of %s: %s.".formatted(tenant.name(), problem))
        .findFirst();
  }

  private static Optional<String> topicProblem(String topic) {
    return TopicTemplate.problem(topic)
        .or(
            () ->
                topic.startsWith("$") || topic.contains("{username}")
                    ? Optional.of("It begins with $, or holds {username}")
                    : Optional.empty());
  }

  /** The bounds of a tenant's namespace; empty for the broker's own, and for all others. */
  Optional<TenantBounds> boundsOf(String namespace) {
    return Optional.ofNullable(tenants.get(namespace));
  }

  /** Whether users and ACLs of that namespace are taken. */
  public boolean admits(String namespace) {
    return namespace.equals(home) || tenants.containsKey(namespace);
  }

  /**
   * What is not known must not match: without its labels a namespace would be taken for one that
   * lacks them ({@code NotIn}, {@code DoesNotExist}).
   */
  private static boolean selects(Tenant tenant, Map<String, String> labels, boolean isComplete) {
    var selector = tenant.namespaceSelector();
    return (isComplete || asksForNameAlone(selector)) && Selectors.matches(selector, labels);
  }

  private static boolean asksForNameAlone(LabelSelector selector) {
    return Objects.requireNonNullElse(selector.getMatchLabels(), Map.<String, String>of())
            .keySet()
            .stream()
            .allMatch(NAME_LABEL::equals)
        && Objects.requireNonNullElse(
                selector.getMatchExpressions(),
                List.<io.fabric8.kubernetes.api.model.LabelSelectorRequirement>of())
            .stream()
            .allMatch(requirement -> NAME_LABEL.equals(requirement.getKey()));
  }

  private static TenantBounds bounds(Tenant tenant, String namespace) {
    return new TenantBounds(
        topics(tenant).stream()
            .filter(topic -> topicProblem(topic).isEmpty())
            .map(topic -> new TopicTemplate(topic).expandAnonymous(namespace).orElseThrow())
            .toList(),
        quota(tenant.maxUsers()),
        quota(tenant.maxRules()));
  }

  private static TenantBounds sum(TenantBounds one, TenantBounds other) {
    var topics = new LinkedHashSet<TopicFilter>(one.topics());
    topics.addAll(other.topics());
    return new TenantBounds(
        List.copyOf(topics),
        Math.max(one.maxUsers(), other.maxUsers()),
        Math.max(one.maxRules(), other.maxRules()));
  }

  private static List<String> topics(Tenant tenant) {
    return Objects.requireNonNullElse(tenant.topics(), List.of());
  }

  private static int quota(@Nullable Integer asked) {
    return Objects.requireNonNullElse(asked, DEFAULT_QUOTA);
  }
}
