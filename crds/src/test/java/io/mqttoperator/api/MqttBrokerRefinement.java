package io.mqttoperator.api;

import static io.mqttoperator.api.CommonRefinement.age;
import static io.mqttoperator.api.CommonRefinement.column;
import static io.mqttoperator.api.CommonRefinement.message;
import static io.mqttoperator.api.CommonRefinement.ready;
import static io.mqttoperator.api.CommonRefinement.reason;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceSubresourceScale;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the annotations do not say of MqttBroker. */
final class MqttBrokerRefinement {
  private MqttBrokerRefinement() {}

  static void apply(CustomResourceDefinition definition, SchemaNode root) {
    CommonRefinement.apply(
        definition,
        root,
        "A Mosquitto broker: its listeners, certificates and storage. `spec` may be left out.");
    CommonRefinement.name(root);
    // A Service's name is an RFC 1035 label: it begins with a letter.
    root.rule(
        "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$')",
        "name the broker with at most 40 lower-case letters, digits and '-', beginning with a"
            + " letter and ending with a letter or digit: Services and pods are named after it",
        ".metadata.name");
    root.at("spec")
        .describe("What is asked of the broker.")
        .schema()
        .setDefault(JsonNodeFactory.instance.objectNode());
    spec(root.at("spec"));
    peers(root.at("spec.listeners[].allowedPeers"));
    scheduling(root.at("spec"));
    status(root.at("status"));
    scale(definition);
    CommonRefinement.columns(
        definition,
        List.of(
            ready(),
            column("Replicas", "integer", ".status.readyReplicas"),
            column("Users", "integer", ".status.access.users"),
            // Not of type date: kubectl prints a date to come as <invalid>.
            column(
                "Server certificate expiry",
                "string",
                ".status.certificates[?(@.name==\"server\")].notAfter"),
            age(),
            CommonRefinement.wide(
                "CA expiry", "string", ".status.certificates[?(@.name==\"authority\")].notAfter"),
            reason(),
            message()));
  }

  private static void spec(SchemaNode spec) {
    spec.at("listeners").mergedBy("name");
    service(spec.at("listeners[].service"));
    tls(spec.at("listeners[].tls"));
    spec.at("certificates.server.additionalNames").set();
    spec.at("certificates.server.additionalNames[]")
        .rule(CertificateRules.DNS_NAME_OR_IP, CertificateRules.DNS_NAME_OR_IP_MESSAGE);
    tenants(spec.at("access.tenants"));
    spec.at("limits.memory")
        .rule(LimitRules.ENOUGH_TO_START, LimitRules.ENOUGH_TO_START_MESSAGE)
        .schema()
        .setMaxLength(20L);
    // Not a set: the default's types would stay beside those that are applied later.
    spec.at("logging.types").atomic();
    spec.at("storage.size")
        .rule(StorageRules.POSITIVE_QUANTITY, StorageRules.POSITIVE_QUANTITY_MESSAGE)
        .schema()
        .setMaxLength(20L);
  }

  private static void tenants(SchemaNode tenants) {
    tenants.mergedBy("name");
    var tenant = new SchemaNode(SchemaNode.content(tenants.schema()), tenants.path() + "[]");
    CommonRefinement.labelSelector(tenant.at("namespaceSelector"), 8);
    tenant.at("topics").set();
    tenant
        .at("topics[]")
        .rule(RuleRules.WHOLE_LEVEL_WILDCARDS, RuleRules.WHOLE_LEVEL_WILDCARDS_MESSAGE)
        .rule(RuleRules.WHOLE_LEVEL_NAMESPACE, RuleRules.WHOLE_LEVEL_NAMESPACE_MESSAGE)
        .rule(RuleRules.NO_OUTER_SPACE, RuleRules.NO_OUTER_SPACE_MESSAGE)
        .rule(RuleRules.NO_CONTROL_CHARACTERS, RuleRules.NO_CONTROL_CHARACTERS_MESSAGE)
        .rule(RuleRules.NO_SYS, RuleRules.NO_SYS_MESSAGE);
  }

  private static void tls(SchemaNode tls) {
    // Not sets: their order is the order of preference.
    tls.at("ciphers").atomic();
    tls.at("ciphers[]")
        .rule(TlsCiphers.BROKEN, TlsCiphers.BROKEN_MESSAGE)
        .rule(TlsCiphers.KNOWN, TlsCiphers.KNOWN_MESSAGE);
    tls.at("cipherSuites").atomic();
    tls.at("cipherSuites[]").rule(TlsCiphers.KNOWN_SUITE, TlsCiphers.KNOWN_SUITE_MESSAGE);
  }

  private static void service(SchemaNode service) {
    service.at("externalTrafficPolicy").oneOf("Cluster", "Local");
    service.at("ipFamilyPolicy").oneOf("SingleStack", "PreferDualStack", "RequireDualStack");
    service.at("ipFamilies").atomic();
    service.at("ipFamilies[]").oneOf("IPv4", "IPv6");
    service.at("loadBalancerSourceRanges").atomic();
    service
        .at("loadBalancerSourceRanges[]")
        .length(1, 43)
        .rule(PeerRules.NETWORK, PeerRules.NETWORK_MESSAGE);
  }

  private static void peers(SchemaNode peers) {
    peers.atomic();
    var peer =
        new SchemaNode(SchemaNode.content(peers.schema()), peers.path() + "[]")
            .rule(PeerRules.ONE_KIND, PeerRules.ONE_KIND_MESSAGE);
    peer.at("podSelector")
        .describe(
            "Labels of pods; an empty selector selects all. Of the broker's namespace, or of those that `namespaceSelector` selects.");
    peer.at("namespaceSelector").describe("Labels of namespaces; an empty selector selects all.");
    CommonRefinement.labelSelector(peer.at("podSelector"), 8);
    CommonRefinement.labelSelector(peer.at("namespaceSelector"), 8);
    var block =
        peer.at("ipBlock")
            .describe("Addresses outside of the cluster; pods have no lasting ones.")
            .required("cidr")
            .rule(PeerRules.EXCEPT_WITHIN, PeerRules.EXCEPT_WITHIN_MESSAGE, ".except");
    block
        .at("cidr")
        .length(1, 43)
        .describe("A network, such as 10.1.0.0/16.")
        .rule(PeerRules.NETWORK, PeerRules.NETWORK_MESSAGE);
    block.at("except").describe("Parts of it that may not: at most 16.").entries(16).atomic();
    block.at("except[]").length(1, 43).rule(PeerRules.NETWORK, PeerRules.NETWORK_MESSAGE);
  }

  private static void scheduling(SchemaNode spec) {
    // Devices claimed for a container need fields of the pod that a broker does not have.
    spec.at("resources").without("claims");
    quantities(spec.at("resources.limits"));
    quantities(spec.at("resources.requests"));
    withinInt(spec.at("affinity").schema());
    withinInt(spec.at("tolerations").schema());
    withinInt(spec.at("topologySpreadConstraints").schema());
    spec.at("tolerations").atomic();
    spec.at("topologySpreadConstraints").atomic();
    spec.at("imagePullSecrets").mergedBy("name");
    spec.at("imagePullSecrets[]").required("name");
    spec.at("imagePullSecrets[].name")
        .length(1, 253)
        .describe("Name of a Secret.")
        .schema()
        .setPattern(Formats.DNS_SUBDOMAIN);
  }

  /** A value that cannot be read would stop the operator's informer for all brokers. */
  private static void quantities(SchemaNode resources) {
    resources
        .describe("Quantities by the resource's name, such as cpu or memory: at most 16.")
        .schema()
        .setMaxProperties(16L);
    var quantity = SchemaNode.content(resources.schema());
    quantity.setPattern(Formats.QUANTITY);
    quantity.setMaxLength(32L);
  }

  /** The same, for the integers of Kubernetes' own types, of which Java knows 32 bits. */
  private static void withinInt(@Nullable JSONSchemaProps schema) {
    if (schema == null) {
      return;
    }
    if ("integer".equals(schema.getType())) {
      schema.setMinimum(0.0);
      schema.setMaximum((double) Integer.MAX_VALUE);
    }
    schema.getProperties().values().forEach(MqttBrokerRefinement::withinInt);
    if (schema.getItems() != null) {
      withinInt(schema.getItems().getSchema());
    }
  }

  private static void status(SchemaNode status) {
    status.at("endpoints").mergedBy("listener");
    status.at("endpoints[].external").atomic();
    status.at("certificates").mergedBy("name");
    status.at("pods").mergedBy("name");
    status.at("warnings").atomic();
  }

  private static void scale(CustomResourceDefinition definition) {
    var scale = new CustomResourceSubresourceScale();
    scale.setSpecReplicasPath(".spec.replicas");
    scale.setStatusReplicasPath(".status.replicas");
    scale.setLabelSelectorPath(".status.selector");
    definition.getSpec().getVersions().getFirst().getSubresources().setScale(scale);
  }
}
