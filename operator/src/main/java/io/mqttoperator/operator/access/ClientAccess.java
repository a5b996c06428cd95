package io.mqttoperator.operator.access;

import io.mqttoperator.api.Access;
import io.mqttoperator.operator.mosquitto.Subscription;
import io.mqttoperator.operator.mosquitto.TopicName;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one client may do: the rules of docs/access.md, said once more and apart from what writes
 * the broker's files, so that the two can be compared.
 *
 * @param grants all that is for this client, by ACL, rule and topic; the first that decides is
 *     named
 */
public record ClientAccess(List<Grant> grants) {

  public ClientAccess {
    grants = List.copyOf(grants);
  }

  /**
   * Whether a message of the client is taken, a will and a retained one too.
   *
   * @throws IllegalArgumentException if no message can have the topic
   */
  public Decision publish(String topic) {
    return decide(topic, Access.PUBLISH);
  }

  /**
   * Whether a message is delivered to the client, if a subscription of its own covers the topic.
   *
   * @throws IllegalArgumentException if no message can have the topic
   */
  public Decision receive(String topic) {
    return decide(topic, Access.SUBSCRIBE);
  }

  /**
   * What comes of a subscription.
   *
   * @param filter as the client sends it, {@code $share/<group>/} included
   * @throws IllegalArgumentException if the broker disconnects who asks for it
   */
  public Reach subscribe(String filter) {
    return new SubscriptionSearch(this, Subscription.of(filter)).reach();
  }

  private Decision decide(String topic, Access access) {
    return decide(new TopicName(topic), access);
  }

  private Decision decide(TopicName topic, Access access) {
    return first(grant -> grant.isDeny(), topic)
        .<Decision>map(Decision.Denied::new)
        .or(() -> first(grant -> allows(grant, access), topic).map(Decision.Allowed::new))
        .orElseGet(Decision.NotAllowed::new);
  }

  private static boolean allows(Grant grant, Access access) {
    return grant.allows().contains(access);
  }

  private Optional<Grant> first(Predicate<Grant> kind, TopicName topic) {
    return grants.stream()
        .filter(kind)
        .filter(grant -> grant.covers().covers(topic.value()))
        .findFirst();
  }
}
