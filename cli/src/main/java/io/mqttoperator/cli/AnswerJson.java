package io.mqttoperator.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.source.ResourceId;
import io.mqttoperator.operator.access.Client;
import io.mqttoperator.operator.access.Grant;
import java.util.List;

/** Answers for programs. */
final class AnswerJson {

  private AnswerJson() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Whom it is about. */
  static void subject(ObjectNode answer, Subject subject) {
    answer.put("broker", subject.outlook().key().toString());
    if (subject.client() instanceof Client.User user) {
      answer.put("namespace", user.namespace());
      answer.put("user", user.name());
      answer.put("username", user.username());
    } else {
      answer.put("user", Subject.ANONYMOUS);
    }
  }

  static void ruling(ObjectNode answer, Ruling ruling, Subject subject) {
    answer.put("answer", ruling.answer().text);
    texts(answer, "because", ruling.because());
    var rules = answer.putArray("rules");
    ruling.by().forEach(grant -> rules.add(grant(grant, subject)));
  }

  static ObjectNode grant(Grant grant, Subject subject) {
    var rule = object();
    rule.put("acl", grant.acl());
    rule.put("namespace", grant.namespace());
    rule.put("rule", grant.rule());
    rule.put("effect", grant.isDeny() ? "Deny" : "Allow");
    var access = rule.putArray("access");
    grant.allows().stream().map(allowed -> allowed.value()).sorted().forEach(access::add);
    rule.put("topic", grant.topic());
    rule.put("covers", grant.covers().toString());
    subject
        .inventory()
        .place(
            new ResourceId("MqttAcl", grant.namespace(), grant.acl()),
            "/spec/rules/" + grant.rule())
        .ifPresent(place -> rule.put("place", place));
    return rule;
  }

  static void texts(ObjectNode answer, String name, List<String> texts) {
    var array = answer.putArray(name);
    texts.forEach(array::add);
  }
}
