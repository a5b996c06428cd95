package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.operator.mosquitto.Right;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Rules as MqttAcls: denials first, as much in each as the schema takes. */
final class AclManifests {

  private static final int MOST_TOPICS = 32;
  private static final int MOST_RULES = 64;
  private static final int MOST_SUBJECTS = 64;

  /** The order of the rules: a Deny first, also where an ACL has to be cut in two. */
  private static final List<Right> ORDER =
      List.of(Right.DENY, Right.WRITE, Right.READ, Right.READWRITE);

  private final ResourceHeads heads;
  private final Map<String, String> names;
  private final List<ObjectNode> acls = new ArrayList<>();

  private AclManifests(ResourceHeads heads, Map<String, String> names) {
    this.heads = heads;
    this.names = names;
  }

  /**
   * Makes them.
   *
   * @param names of the MqttUsers, by username
   */
  static List<ObjectNode> of(MovedAccess access, Map<String, String> names, ResourceHeads heads) {
    var manifests = new AclManifests(heads, names);
    manifests.add("all-users", access.everybody(), subject -> subject.put("allUsers", true));
    manifests.add("anonymous", access.anonymous(), subject -> subject.put("anonymous", true));
    access.some().forEach(manifests::addSome);
    access.own().forEach(manifests::addOwn);
    return manifests.acls;
  }

  private void addOwn(String username, List<MovedRule> rules) {
    var name = names.getOrDefault(username, username);
    // No name of a user ends the part before the dash: "user-a" in two is "user2-a".
    add("user", "-" + name, rules, List.of(subject -> subject.put("user", name)));
  }

  private void addSome(Collection<String> users, List<MovedRule> rules) {
    var all = List.copyOf(users);
    for (int from = 0; from < all.size(); from += MOST_SUBJECTS) {
      var some = all.subList(from, Math.min(all.size(), from + MOST_SUBJECTS));
      add(
          "some-users-" + (acls.size() + 1),
          "",
          rules,
          some.stream()
              .map(user -> names.getOrDefault(user, user))
              .<Consumer<ObjectNode>>map(name -> subject -> subject.put("user", name))
              .toList());
    }
  }

  private void add(String name, List<MovedRule> rules, Consumer<ObjectNode> subject) {
    add(name, "", rules, List.of(subject));
  }

  private void add(
      String stem, String rest, List<MovedRule> rules, List<Consumer<ObjectNode>> subjects) {
    var all = rules(rules);
    for (int from = 0, part = 1; from < all.size(); from += MOST_RULES, part++) {
      var acl = heads.ours("MqttAcl", stem + (part == 1 ? "" : part) + rest);
      var spec = heads.spec(acl);
      var listed = spec.putArray("subjects");
      subjects.forEach(subject -> subject.accept(listed.addObject()));
      spec.putArray("rules").addAll(all.subList(from, Math.min(all.size(), from + MOST_RULES)));
      acls.add(acl);
    }
  }

  private static List<ObjectNode> rules(List<MovedRule> rules) {
    var nodes = new ArrayList<ObjectNode>();
    for (var right : ORDER) {
      var topics =
          rules.stream()
              .filter(rule -> rule.right() == right)
              .map(MovedRule::topic)
              .distinct()
              .toList();
      for (int from = 0; from < topics.size(); from += MOST_TOPICS) {
        nodes.add(rule(right, topics.subList(from, Math.min(topics.size(), from + MOST_TOPICS))));
      }
    }
    return nodes;
  }

  private static ObjectNode rule(Right right, List<String> topics) {
    var rule = JsonNodeFactory.instance.objectNode();
    topics.forEach(rule.putArray("topics")::add);
    switch (right) {
      case DENY -> rule.put("effect", "Deny");
      case WRITE -> access(rule, "Publish");
      case READ -> access(rule, "Subscribe");
      case READWRITE -> access(rule, "Publish").add("Subscribe");
    }
    return rule;
  }

  private static ArrayNode access(ObjectNode rule, String access) {
    return rule.putArray("access").add(access);
  }
}
