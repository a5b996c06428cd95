package io.mqttoperator.operator.access;

import io.mqttoperator.operator.mosquitto.TopicFilter;
import io.mqttoperator.operator.mosquitto.TopicTemplate;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How far one tenant's namespace may go.
 *
 * @param topics within which its ACLs may allow; none: they may allow nothing
 * @param maxUsers how many users it may have
 * @param maxRules how many rules its ACLs may hold together
 */
public record TenantBounds(List<TopicFilter> topics, int maxUsers, int maxRules) {

  /** Written out, a line for each topic of a rule and user, for each user that is allowed. */
  private static final int LINES_FOR_EACH_USER = 100;

  public TenantBounds {
    topics = List.copyOf(topics);
  }

  /**
   * Whether all that a rule's topic can stand for lies within one of the bounds.
   *
   * @param namespace the tenant's, which a placeholder may stand for
   */
  boolean allow(TopicTemplate topic, String namespace) {
    var widest = topic.widest(namespace);
    return !widest.isSystem() && topics.stream().anyMatch(bound -> bound.covers(widest));
  }

  long maxLines() {
    return (long) maxUsers * LINES_FOR_EACH_USER;
  }

  /** For a message. */
  String describeTopics() {
    return topics.isEmpty()
        ? "no topic"
        : topics.stream().map(TopicFilter::value).collect(Collectors.joining(", "));
  }
}
