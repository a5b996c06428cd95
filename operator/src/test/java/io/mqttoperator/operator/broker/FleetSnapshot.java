package io.mqttoperator.operator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.pki.CertificateRevocationList;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.LedgerEntry;
import io.mqttoperator.operator.pki.RevokedCertificate;
import io.mqttoperator.operator.pki.TrustBundle;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything in a fleet's namespace as text, without what differs between two runs that did the
 * same: keys, passwords, salts, digests of them, times, UIDs and versions.
 */
final class FleetSnapshot {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<Class<? extends HasMetadata>> KINDS =
      List.of(
          MqttBroker.class,
          MqttUser.class,
          MqttAcl.class,
          Secret.class,
          ConfigMap.class,
          Service.class,
          ServiceAccount.class,
          StatefulSet.class,
          Pod.class,
          PersistentVolumeClaim.class,
          PodDisruptionBudget.class,
          NetworkPolicy.class);

  /** Of another value in each run. */
  private static final Set<String> VARYING =
      Set.of(
          "uid",
          "resourceVersion",
          "creationTimestamp",
          "managedFields",
          "lastTransitionTime",
          "notAfter",
          "renewAt",
          "serial",
          "revision",
          "accessRevision",
          "podIP",
          "podIPs",
          "clusterIP",
          "clusterIPs",
          "nodePort",
          "mqttoperator.io/applied",
          "mqttoperator.io/revision",
          "generation",
          "observedGeneration",
          "lastAppliedTime");

  private static final Set<String> PLAIN =
      Set.of(
          "type",
          "provider",
          "host",
          "port",
          "uri",
          "username",
          "mosquitto.conf",
          "requirements",
          "acl-head",
          "acl-0");

  private FleetSnapshot() {}

  /** Each object by kind and name. */
  static SortedMap<String, String> of(Fleet fleet) {
    var all = new TreeMap<String, String>();
    for (var kind : KINDS) {
      for (var object :
          fleet.api().client().resources(kind).inNamespace(fleet.namespace()).list().getItems()) {
        var tree = (ObjectNode) JSON.valueToTree(object);
        withoutVarying(tree);
        if (object instanceof Secret secret) {
          tree.set("data", data(secret));
        }
        if (object instanceof ConfigMap map && map.getData().containsKey("ca.crt")) {
          tree.put("data", "an authority");
        }
        all.put(
            object.getKind() + " " + object.getMetadata().getName(),
            tree.toString()
                .replace(fleet.namespace(), "NAMESPACE")
                .replaceAll("mqtt-operator-[0-9a-f]{32}", "mqtt-operator-ACCOUNT"));
      }
    }
    return all;
  }

  private static void withoutVarying(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(VARYING);
    }
    node.forEach(FleetSnapshot::withoutVarying);
  }

  private static JsonNode data(Secret secret) {
    var data = JSON.createObjectNode();
    new TreeMap<>(Objects.requireNonNullElse(secret.getData(), Map.<String, String>of()))
        .forEach(
            (key, value) -> data.put(key, PLAIN.contains(key) ? Fleet.value(secret, key) : "…"));
    return data;
  }

  /** What no run may break: the parts fit each other. */
  static void assertConsistent(Fleet fleet) throws Exception {
    var authority = fleet.value("fleet-ca", "tls.crt");
    assertThat(fleet.get(ConfigMap.class, "fleet-trust").getData())
        .containsEntry("ca.crt", authority);
    var files = new TreeMap<String, byte[]>();
    for (var secret : List.of("fleet-files", "fleet-files-0", "fleet-internal", "fleet-server")) {
      fleet
          .get(Secret.class, secret)
          .getData()
          .forEach(
              (key, value) -> files.put(inPod(secret, key), Base64.getDecoder().decode(value)));
    }
    var digest = MessageDigest.getInstance("SHA-256");
    fleet
        .value("fleet-files", "manifest")
        .lines()
        .map(line -> line.split("  ", 2))
        .forEach(
            line ->
                assertThat(HexFormat.of().formatHex(digest.digest(files.get(line[1]))))
                    .as(line[1])
                    .isEqualTo(line[0]));
    var passwords = fleet.value("fleet-files-0", "password-0");
    for (var user :
        fleet
            .api()
            .client()
            .resources(MqttUser.class)
            .inNamespace(fleet.namespace())
            .list()
            .getItems()) {
      var name = user.getMetadata().getName();
      if (Boolean.TRUE.equals(user.getSpec().disabled())
          || (user.getSpec().certificate() != null && user.getSpec().password() == null)) {
        assertThat(passwords).doesNotContain(name + ":");
      } else {
        assertThat(passwords).contains(name + ":$7$");
      }
      assertThat(fleet.value(name + "-mqtt", "ca.crt")).isEqualTo(authority);
    }
    assertCertificates(fleet);
  }

  /** No certificate counts but those that users have, and pods are told so. */
  private static void assertCertificates(Fleet fleet) throws Exception {
    var ledger = fleet.ledger();
    if (ledger.entries().isEmpty()) {
      return;
    }
    var held =
        fleet
            .api()
            .client()
            .resources(MqttUser.class)
            .inNamespace(fleet.namespace())
            .list()
            .getItems()
            .stream()
            .filter(user -> user.getSpec().certificate() != null)
            .filter(user -> !Boolean.TRUE.equals(user.getSpec().disabled()))
            .map(user -> fleet.value(user.getMetadata().getName() + "-mqtt", "tls.crt"))
            .map(FleetSnapshot::serial)
            .toList();
    assertThat(ledger.entries().values())
        .filteredOn(entry -> entry.state() == LedgerEntry.State.ISSUED)
        .extracting(LedgerEntry::serial)
        .containsExactlyInAnyOrderElementsOf(held);
    assertThat(ledger.usernamesWithSessions()).isEmpty();
    var told =
        CertificateRevocationList.parse(
            fleet.value("fleet-internal", "clients.crl").getBytes(StandardCharsets.US_ASCII));
    assertThat(told.revokedSerials())
        .containsExactlyInAnyOrderElementsOf(
            ledger.revoked().stream().map(RevokedCertificate::serial).toList());
  }

  private static BigInteger serial(String pem) {
    try {
      return TrustBundle.parse(pem.getBytes(StandardCharsets.US_ASCII))
          .certificates()
          .getFirst()
          .getSerialNumber();
    } catch (InvalidCertificateException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private static String inPod(String secret, String key) {
    return secret.equals("fleet-server") ? key.replace("tls.", "server.") : key;
  }
}
