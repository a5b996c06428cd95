package io.mqttoperator.e2e.outage;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Changes of users, ACLs and certificates. */
final class AccessChanges {

  /** A user that none of the fleet's clients is. */
  static final String OTHER = "other";

  private static final String USER = "MqttUser";
  private static final String ACL = "MqttAcl";

  private AccessChanges() {}

  static List<Round> all() {
    return List.of(
        Round.of(
            Change.undisturbed(
                "user added", (broker, i) -> apply(broker, USER, "added", Access.user("added"))),
            Change.undisturbed(
                "another user deleted", (broker, i) -> delete(broker, USER, "added"))),
        Round.of(user("another user disabled", "disabled: true,"), user("and enabled", "")),
        Round.of(
            Change.undisturbed(
                "another user's password generated anew",
                (broker, i) ->
                    apply(
                        broker,
                        USER,
                        OTHER,
                        Access.user(OTHER, "password: {generation: %d},".formatted(i + 2))))),
        Round.of(
            Change.undisturbed(
                "ACL added", (broker, i) -> apply(broker, ACL, "more", Access.rules("more", "a"))),
            Change.undisturbed("ACL deleted", (broker, i) -> delete(broker, ACL, "more"))),
        Round.of(
            Change.undisturbed(
                "ACL of all clients changed",
                (broker, i) ->
                    apply(broker, ACL, Access.RULES, Access.rules(Access.RULES, "b/" + i)))),
        Round.of(Change.reloaded("certificates.server.generation", repetition -> repetition + 2)),
        Round.of(
            Change.reloaded(
                "certificates.server.additionalNames",
                List.of("a.example.com"),
                List.of("b.example.com"))),
        Round.of(Change.reloaded("certificates.server.keyAlgorithm", "EcdsaP384", "EcdsaP256")),
        Round.of(Change.reloaded("passwords.iterations", 1001, 1000)),
        Round.of(Change.undisturbed("CA made anew: its Secret deleted", AccessChanges::newCa)));
  }

  private static Change user(String name, String more) {
    return Change.undisturbed(
        name, (broker, i) -> apply(broker, USER, OTHER, Access.user(OTHER, more)));
  }

  private static BooleanSupplier apply(
      BrokerUnderChange broker, String kind, String name, String manifest) {
    broker.cluster().apply(manifest);
    return broker.isReady(kind, name);
  }

  private static BooleanSupplier delete(BrokerUnderChange broker, String kind, String name) {
    broker.delete(kind, name);
    return () -> broker.view().resource(kind, name).isEmpty();
  }

  private static BooleanSupplier newCa(BrokerUnderChange broker, int repetition) {
    var former = broker.broker().trustBundle();
    var revision = broker.revision();
    var unused =
        broker
            .cluster()
            .client()
            .secrets()
            .inNamespace(broker.cluster().namespace())
            .withName(BrokerUnderChange.NAME + "-ca")
            .delete();
    return () ->
        !revision.equals(broker.revision())
            && broker
                .view()
                .configMap(BrokerUnderChange.NAME + "-trust")
                .filter(found -> !former.equals(found.getData().get("ca.crt")))
                .isPresent();
  }
}
