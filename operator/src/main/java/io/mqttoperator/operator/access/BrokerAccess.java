package io.mqttoperator.operator.access;

import io.mqttoperator.api.Access;
import io.mqttoperator.api.Effect;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who may do what on one broker, as docs/access.md defines it: the ACLs, by whom they are for.
 *
 * <p>With what writes the broker's files it shares which ACLs are accepted, and how labels are
 * selected; nothing else, so that a mistake of one is not one of the other.
 */
public final class BrokerAccess {

  private record UserName(String namespace, String name) {}

  private static final Comparator<MqttAcl> ORDER =
      Comparator.comparing((MqttAcl acl) -> acl.getMetadata().getNamespace())
          .thenComparing(acl -> acl.getMetadata().getName());

  private final Map<UserName, List<MqttAcl>> byUser = new HashMap<>();
  private final List<MqttAcl> others = new ArrayList<>();

  /**
   * @param acls those that are accepted and not being deleted, in any order
   */
  public BrokerAccess(Collection<MqttAcl> acls) {
    acls.stream().sorted(ORDER).forEach(this::add);
  }

  private void add(MqttAcl acl) {
    var subjects = acl.getSpec().subjects();
    // With one ACL for each of 20,000 users, looking through all of them for each would not end.
    if (subjects.stream().allMatch(subject -> subject.user() != null)) {
      subjects.stream()
          .map(subject -> Objects.requireNonNull(subject.user()))
          .distinct()
          .map(name -> new UserName(acl.getMetadata().getNamespace(), name))
          .forEach(user -> byUser.computeIfAbsent(user, any -> new ArrayList<>()).add(acl));
    } else {
      others.add(acl);
    }
  }

  /** What one client may do. */
  public ClientAccess of(Client client) {
    var grants =
        Stream.concat(named(client).stream(), others.stream().filter(acl -> isFor(acl, client)))
            .sorted(ORDER)
            .flatMap(acl -> grants(acl, client))
            .toList();
    return new ClientAccess(grants);
  }

  private List<MqttAcl> named(Client client) {
    return switch (client) {
      case Client.User user ->
          byUser.getOrDefault(new UserName(user.namespace(), user.name()), List.of());
      case Client.Anonymous anonymous -> List.of();
    };
  }

  private static boolean isFor(MqttAcl acl, Client client) {
    return acl.getSpec().subjects().stream()
        .anyMatch(
            subject ->
                switch (client) {
                  case Client.User user ->
                      user.namespace().equals(acl.getMetadata().getNamespace())
                          && isFor(subject, user);
                  case Client.Anonymous anonymous -> Boolean.TRUE.equals(subject.anonymous());
                });
  }

  private static boolean isFor(Subject subject, Client.User user) {
    return user.name().equals(subject.user())
        || Boolean.TRUE.equals(subject.allUsers())
        || (subject.userSelector() != null
            && Selectors.matches(subject.userSelector(), user.labels()));
  }

  private static Stream<Grant> grants(MqttAcl acl, Client client) {
    var rules = acl.getSpec().rules();
    return IntStream.range(0, rules.size())
        .boxed()
        .flatMap(
            index ->
                rules.get(index).topics().stream()
                    .map(topic -> grant(acl, index, rules.get(index), topic, client)));
  }

  private static Grant grant(MqttAcl acl, int index, Rule rule, String topic, Client client) {
    var metadata = acl.getMetadata();
    return new Grant(
        metadata.getNamespace(),
        metadata.getName(),
        index,
        topic,
        rule.effect() == Effect.DENY || rule.access() == null
            ? Set.of()
            : Set.<Access>copyOf(rule.access()),
        TopicPattern.of(topic, client, metadata.getNamespace()));
  }
}
