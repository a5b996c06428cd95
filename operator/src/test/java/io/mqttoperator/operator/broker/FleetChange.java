package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.testing.RequestFaults.Cut;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is asked of a fleet, after {@code before} has been done undisturbed.
 *
 * @param cuts where the connection is cut: after the n-th write and before the next one the API
 *     server holds the same, so one of both says it all but for the first write
 */
record FleetChange(String name, Before before, List<Cut> cuts, Step change, Step settled) {

  private static final String BROKER = "{podLabels: {team: a}}";
  private static final String CERTIFIED_BROKER =
      "{podLabels: {team: a}, listeners: [{name: mqtts, port: 8883},"
          + " {name: devices, port: 8885, authentication: Certificate}]}";
  private static final Map<String, String> OFFERED = Map.of(Labels.CREDENTIALS, "true");

  /** Who is there before a change. */
  enum Before {
    NOTHING,
    /** A broker of which no pod runs, two users and an ACL. */
    NO_POD,
    /** One that a pod has proven to enforce, also for a user with an own password. */
    SERVED,
    /** The same, with a listener for certificates and a user who has one. */
    CERTIFIED
  }

  interface Step {
    void on(Fleet fleet);
  }

  private static FleetChange change(String name, Before before, Step change, Step settled) {
    return new FleetChange(name, before, List.of(Cut.AFTER), change, settled);
  }

  private static void awaitReady(Fleet fleet, String user) {
    fleet.awaitCondition(MqttUser.class, user, "Ready=True:Enforced");
  }

  private static final Step FIRST =
      fleet -> {
        fleet.broker(BROKER);
        fleet.user("anna", "");
        fleet.user("bert", "secret: {labels: {app: x}}");
        fleet.acl("up", "up/{username}");
      };

  private static final Step FIRST_SETTLED =
      fleet -> {
        fleet.awaitAccepted();
        fleet.awaitUser("anna");
        fleet.awaitUser("bert");
        fleet.awaitAcl("up");
      };

  static final List<FleetChange> ALL =
      List.of(
          new FleetChange(
              "the first of all", Before.NOTHING, List.of(Cut.values()), FIRST, FIRST_SETTLED),
          change(
              "a user is added",
              Before.SERVED,
              fleet -> fleet.user("carl", ""),
              fleet -> awaitReady(fleet, "carl")),
          change(
              "a user is deleted",
              Before.SERVED,
              fleet -> fleet.delete(MqttUser.class, "anna"),
              fleet -> fleet.awaitGone(MqttUser.class, "anna")),
          change(
              "a user is disabled",
              Before.SERVED,
              fleet -> fleet.user("bert", "disabled: true, secret: {labels: {app: x}}"),
              fleet -> fleet.awaitCondition(MqttUser.class, "bert", "Ready=True:Disabled")),
          change(
              "an own password is changed",
              Before.SERVED,
              fleet -> fleet.secret("own", OFFERED, Map.of("password", "the second password")),
              FleetChange::awaitSecondPassword),
          change(
              "a password is asked for anew",
              Before.SERVED,
              fleet -> fleet.user("emil", "password: {generation: 2}"),
              fleet -> awaitReady(fleet, "emil")),
          change(
              "a certificate is asked for",
              Before.CERTIFIED,
              fleet -> fleet.user("carl", "certificate: {}"),
              fleet -> awaitReady(fleet, "carl")),
          change(
              "a certificate is replaced",
              Before.CERTIFIED,
              fleet -> fleet.user("gina", "certificate: {generation: 2}"),
              fleet -> awaitReady(fleet, "gina")),
          change(
              "a user with a certificate is disabled",
              Before.CERTIFIED,
              fleet -> fleet.user("gina", "certificate: {}, disabled: true"),
              fleet -> fleet.awaitCondition(MqttUser.class, "gina", "Ready=True:Disabled")),
          change(
              "a user with a certificate is deleted",
              Before.CERTIFIED,
              fleet -> fleet.delete(MqttUser.class, "gina"),
              fleet -> fleet.awaitGone(MqttUser.class, "gina")),
          change(
              "an ACL is deleted",
              Before.SERVED,
              fleet -> fleet.delete(MqttAcl.class, "up"),
              fleet -> fleet.awaitGone(MqttAcl.class, "up")),
          change(
              "an ACL is changed",
              Before.NO_POD,
              fleet -> fleet.acl("up", "other/{username}"),
              fleet -> fleet.awaitAcl("up")),
          change(
              "a user's Secret gets another name",
              Before.NO_POD,
              fleet -> fleet.user("bert", "secret: {name: bert-mqtt, labels: {app: y}}"),
              fleet -> fleet.awaitUser("bert")),
          change(
              "a server certificate is asked for anew",
              Before.NO_POD,
              fleet ->
                  fleet.broker("{podLabels: {team: a}, certificates: {server: {generation: 2}}}"),
              fleet ->
                  fleet.awaitCondition(MqttBroker.class, Fleet.BROKER, "Accepted=True:Accepted")),
          change(
              "a pod template loses a label",
              Before.NO_POD,
              fleet -> fleet.broker("{nodeSelector: {disk: fast}}"),
              FleetTemplate::awaitNoTeam));

  private static void awaitSecondPassword(Fleet fleet) {
    await()
        .atMost(Fleet.BOUND)
        .until(
            () ->
                Objects.equals(
                    fleet.get(Secret.class, "own").getMetadata().getResourceVersion(),
                    Optional.ofNullable(fleet.get(MqttUser.class, "dora").getStatus().credential())
                        .map(proven -> proven.resourceVersion())
                        .orElse("")));
    awaitReady(fleet, "dora");
  }

  /** Brings a fleet to where the change begins. */
  void prepare(FleetPod pod) {
    var fleet = pod.fleet();
    if (before == Before.NOTHING) {
      return;
    }
    FIRST.on(fleet);
    FIRST_SETTLED.on(fleet);
    if (before == Before.CERTIFIED) {
      fleet.broker(CERTIFIED_BROKER);
      fleet.user("gina", "certificate: {}");
      fleet.awaitUser("gina");
    }
    if (before == Before.SERVED || before == Before.CERTIFIED) {
      fleet.secret("own", OFFERED, Map.of("password", "the first password"));
      fleet.user("dora", "password: {secretRef: {name: own}}");
      fleet.user("emil", "");
      pod.start();
      List.of("anna", "bert", "dora", "emil").forEach(user -> awaitReady(fleet, user));
      fleet.awaitCondition(MqttAcl.class, "up", "Ready=True:Enforced");
    }
    if (before == Before.CERTIFIED) {
      awaitReady(fleet, "gina");
    }
  }

  /** The pod template of the last change. */
  private static final class FleetTemplate {
    static void awaitNoTeam(Fleet fleet) {
      await()
          .atMost(Fleet.BOUND)
          .untilAsserted(
              () ->
                  assertThat(
                          fleet
                              .get(io.fabric8.kubernetes.api.model.apps.StatefulSet.class, "fleet")
                              .getSpec()
                              .getTemplate()
                              .getMetadata()
                              .getLabels())
                      .doesNotContainKey("team"));
    }
  }
}
