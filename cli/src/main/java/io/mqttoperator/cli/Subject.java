package io.mqttoperator.cli;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.cli.source.Inventory;
import io.mqttoperator.cli.source.ResourceId;
import io.mqttoperator.operator.access.BrokerAccess;
import io.mqttoperator.operator.access.Client;
import io.mqttoperator.operator.access.ClientAccess;
import io.mqttoperator.operator.access.Grant;
import io.mqttoperator.operator.access.UserDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whom a question is about, on which broker.
 *
 * @param user empty: clients without a name
 */
record Subject(Inventory inventory, Outlook outlook, Optional<UserDecision> user) {

  /** How clients without a name are called; no MqttUser can be called so. */
  static final String ANONYMOUS = ":anonymous";

  Client client() {
    return user.<Client>map(Subject::client).orElseGet(Client.Anonymous::new);
  }

  /** Under the name it logs in with. */
  private static Client client(UserDecision user) {
    var metadata = user.user().getMetadata();
    return new Client.User(
        metadata.getNamespace(),
        metadata.getName(),
        user.seen().username(),
        Optional.ofNullable(metadata.getLabels()).orElse(Map.of()));
  }

  /** What it is called in an answer. */
  String name() {
    return user.map(decision -> decision.user().getMetadata().getName()).orElse(ANONYMOUS);
  }

  ClientAccess access(BrokerAccess rules) {
    return rules.of(client());
  }

  /** Why it cannot connect at all. */
  Optional<Ruling> shutOut() {
    if (user.isPresent()) {
      return Ruling.shutOut(user.get());
    }
    return outlook.forecast().letsInAnonymous()
        ? Optional.empty()
        : Optional.of(Ruling.no("No listener of the broker takes clients without a name."));
  }

  Ruling rule(BrokerAccess rules, Action action, String topic) {
    // Also of one that is shut out: a topic that is none must not look like a refusal.
    var ruling = Ruling.of(access(rules), action, topic, this::describe);
    return shutOut().orElse(ruling);
  }

  /** A rule, and where it stands. */
  String describe(Grant grant) {
    var id = new ResourceId("MqttAcl", grant.namespace(), grant.acl());
    return grant
        + inventory
            .place(id, "/spec/rules/" + grant.rule())
            .map(place -> " (" + place + ")")
            .orElse("");
  }

  /** What else is to be known about an answer. */
  List<String> notes(List<Grant> by) {
    var notes = new ArrayList<>(inventory.notes());
    notes.addAll(outlook.notes());
    outlook
        .forecast()
        .problem()
        .ifPresent(
            problem ->
                notes.add(
                    "MqttBroker %s is refused, and takes no change: %s"
                        .formatted(outlook.key(), problem)));
    notes.addAll(refusedAcls());
    if (inventory.isCluster()) {
      user.map(UserDecision::user).flatMap(Statuses::unproven).ifPresent(notes::add);
      for (var acl : inventory.aclsOf(outlook.key())) {
        if (by.stream().anyMatch(grant -> isOf(grant, ResourceId.of(acl)))) {
          Statuses.unproven(acl).ifPresent(notes::add);
        }
      }
    }
    return notes.stream().distinct().toList();
  }

  private static boolean isOf(Grant grant, ResourceId acl) {
    return grant.namespace().equals(acl.namespace()) && grant.acl().equals(acl.name());
  }

  /** ACLs that are for this client and do not count. */
  private List<String> refusedAcls() {
    return outlook.forecast().plan().acls().stream()
        .filter(acl -> !acl.accepted().isTrue())
        .filter(acl -> !access(new BrokerAccess(List.of(acl.acl()))).grants().isEmpty())
        .map(
            acl ->
                "%s is not accepted (%s) and counts for nothing: %s"
                    .formatted(
                        ResourceId.of(acl.acl()),
                        acl.accepted().reason().text(),
                        acl.accepted().message()))
        .toList();
  }

  static Subject of(Inventory inventory, MqttUser user) {
    var outlook = Outlook.of(inventory, Inventory.brokerOf(user));
    return new Subject(inventory, outlook, Optional.of(outlook.decision(user)));
  }
}
