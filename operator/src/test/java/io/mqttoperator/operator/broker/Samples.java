package io.mqttoperator.operator.broker;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.mqttoperator.api.Listener;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The broker {@code fleet} in the namespace {@code plant}, and what a pass sees of it. */
public final class Samples {

  public static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");
  public static final Path GOLDEN =
      Path.of("src/test/resources/io/mqttoperator/operator/broker/golden");
  public static final KubernetesSerialization YAML = new KubernetesSerialization();

  /** What the listeners of a broker take where its spec names none. */
  public static final Set<ClientAuthentication> PASSWORDS = Set.of(ClientAuthentication.PASSWORD);

  private Samples() {}

  public static Clock at(Instant instant) {
    return Clock.fixed(instant, ZoneOffset.UTC);
  }

  /** The broker of a golden folder. */
  public static MqttBroker broker(String scenario) {
    try {
      return YAML.unmarshal(
          Files.readString(GOLDEN.resolve(scenario).resolve("in.yaml")), MqttBroker.class);
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  /** A broker with this {@code spec}, in YAML. */
  public static MqttBroker brokerWith(String spec) {
    var broker =
        YAML.unmarshal(
            "apiVersion: mqttoperator.io/v1alpha1\nkind: MqttBroker\nspec:\n" + spec.indent(2),
            MqttBroker.class);
    broker.setMetadata(broker("defaults").getMetadata());
    return broker;
  }

  public static BrokerProfile profile(MqttBroker broker) {
    return BrokerProfile.of(broker, "mosquitto:2.1.2", "cluster.local");
  }

  public static BrokerProfile profileWith(String spec) {
    return profile(brokerWith(spec));
  }

  public static BrokerProfile defaults() {
    return profile(broker("defaults"));
  }

  public static Listener listener(String yaml) {
    return YAML.unmarshal("---\n{name: one, port: 1883, " + yaml + "}", Listener.class);
  }

  public static BrokerObservation nothing() {
    return seen(null, null, null, null);
  }

  public static BrokerObservation seen(
      @Nullable Secret authority,
      @Nullable Secret server,
      @Nullable Secret operator,
      @Nullable Secret internal) {
    return new BrokerObservation(
        new ResourceKey("plant", "fleet"),
        Optional.empty(),
        Tenancy.none("plant"),
        List.of(),
        List.of(),
        new StoredSecret(authority),
        new StoredSecret(server),
        new StoredSecret(operator),
        new StoredSecret(internal),
        new StoredSecret(null),
        List.of(),
        Map.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        List.of(),
        Map.of());
  }

  public static BrokerObservation seen(List<Pod> pods, List<PersistentVolumeClaim> claims) {
    return seen(Optional.empty(), pods, claims);
  }

  public static BrokerObservation seen(
      Optional<StatefulSet> statefulSet, List<Pod> pods, List<PersistentVolumeClaim> claims) {
    return holding(new StoredSecret(null), statefulSet, pods, claims);
  }

  /** With the Secret of a revision. */
  public static BrokerObservation holding(
      StoredSecret files,
      Optional<StatefulSet> statefulSet,
      List<Pod> pods,
      List<PersistentVolumeClaim> claims) {
    var nothing = nothing();
    return new BrokerObservation(
        nothing.key(),
        nothing.broker(),
        nothing.tenancy(),
        List.of(),
        List.of(),
        nothing.authority(),
        nothing.server(),
        nothing.operator(),
        nothing.internal(),
        files,
        List.of(),
        Map.of(),
        statefulSet,
        pods,
        Optional.empty(),
        claims,
        Map.of());
  }

  public static Pod pod(String status) {
    return YAML.unmarshal(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: fleet-0, uid: u1}\nstatus:\n"
            + status.indent(2),
        Pod.class);
  }
}
