package io.mqttoperator.operator.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.mqttoperator.api.Access;
import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttAclSpec;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.MqttUserSpec;
import io.mqttoperator.api.Rule;
import io.mqttoperator.api.Subject;
import io.mqttoperator.api.Tenant;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.access.Standing;
import io.mqttoperator.operator.access.StoredHashes;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.access.UserDecision;
import io.mqttoperator.operator.access.UserObservation;
import io.mqttoperator.operator.access.UserObservation.WrittenPassword;
import io.mqttoperator.operator.broker.clients.CredentialRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Users and ACLs of the broker {@code fleet} whose rules are tried on a real one. */
public final class AccessResources {

  public static final String NAMESPACE = "plant";

  /** Whose rules may be about any topic that begins with no {@code $}. */
  public static final String TENANT = "red";

  public static final Tenancy TENANCY =
      Tenancy.of(
          NAMESPACE,
          List.of(new Tenant("teams", new LabelSelector(), List.of("#"), null, null)),
          List.of(TENANT),
          namespace -> Optional.of(Map.of()),
          true);

  public static final BrokerRef BROKER = new BrokerRef("fleet", NAMESPACE);

  /** As a generated one looks: one hash iteration. */
  public static final String PASSWORD = "p".repeat(43);

  private AccessResources() {}

  /** One with this name and nothing else. */
  public static UserDecision user(String name) {
    var user = new MqttUser();
    place(user, NAMESPACE, name);
    user.setSpec(new MqttUserSpec(BROKER, null, null, null, null));
    return decided(user, user);
  }

  /** A user that has its password. */
  public static UserDecision decided(MqttUser user, MqttUser claimant) {
    return CredentialRules.decide(
        new UserObservation(
            user,
            claimant,
            new Standing.Member(),
            Optional.empty(),
            Optional.of(new WrittenPassword(new SecretBytes(PASSWORD.getBytes(UTF_8)), 1))),
        Samples.PASSWORDS,
        StoredHashes.NONE);
  }

  /** One that allows one user something on one topic. */
  public static MqttAcl acl(String name, String user, String topic, Access... access) {
    var acl = new MqttAcl();
    place(acl, NAMESPACE, name);
    acl.setSpec(
        new MqttAclSpec(
            BROKER,
            List.of(new Subject(user, null, null, null)),
            List.of(new Rule(List.of(topic), List.of(access), null))));
    return acl;
  }

  public static void place(HasMetadata resource, String namespace, String name) {
    resource.getMetadata().setNamespace(namespace);
    resource.getMetadata().setName(name);
    resource.getMetadata().setUid(namespace + "/" + name);
  }
}
