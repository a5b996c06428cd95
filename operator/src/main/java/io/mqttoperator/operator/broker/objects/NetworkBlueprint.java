package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.mosquitto.InternalListener;
import java.util.ArrayList;
import java.util.Map;

/** Who may reach a broker, and what it may reach: the NetworkPolicy. Pure. */
final class NetworkBlueprint {

  private static final int NAME_SERVICE = 53;

  private final BrokerProfile profile;
  private final boolean hasBridges;
  private final String operatorNamespace;

  /**
   * @param hasBridges whether pods are to reach each other
   */
  NetworkBlueprint(BrokerProfile profile, boolean hasBridges, String operatorNamespace) {
    this.profile = profile;
    this.hasBridges = hasBridges;
    this.operatorNamespace = operatorNamespace;
  }

  /**
   * The listeners are open to their peers, the internal one to the operator and to the bridges of
   * the broker's own pods; nothing else goes out. An empty list of egress rules is as good as none
   * to Kubernetes, but what is said is ours, so that the next apply takes away a rule that somebody
   * adds. fabric8 leaves out a list that is empty, unless it is given as a property that fabric8
   * does not know.
   */
  NetworkPolicy networkPolicy() {
    var ingress =
        new ArrayList<>(profile.listeners().stream().map(NetworkBlueprint::listenerRule).toList());
    ingress.add(operatorRule());
    var egress = new ArrayList<NetworkPolicyEgressRule>();
    if (hasBridges) {
      ingress.add(bridgesIn());
      egress.add(bridgesOut());
      egress.add(nameService());
    }
    return new NetworkPolicyBuilder()
        .withMetadata(metadata(profile.names().broker(), "network"))
        .withNewSpec()
        .withPodSelector(
            new LabelSelectorBuilder()
                .withMatchLabels(Labels.selector(profile.names().broker()))
                .build())
        .withPolicyTypes("Ingress", "Egress")
        .withIngress(ingress)
        .addToAdditionalProperties("egress", egress)
        .endSpec()
        .build();
  }

  private static NetworkPolicyIngressRule listenerRule(ListenerProfile listener) {
    return new NetworkPolicyIngressRuleBuilder()
        .withFrom(listener.allowedPeers())
        .withPorts(tcp(listener.port()))
        .build();
  }

  private NetworkPolicyIngressRule operatorRule() {
    return new NetworkPolicyIngressRuleBuilder()
        .addNewFrom()
        .withNamespaceSelector(
            new LabelSelectorBuilder()
                .withMatchLabels(Map.of("kubernetes.io/metadata.name", operatorNamespace))
                .build())
        .withPodSelector(
            new LabelSelectorBuilder()
                .withMatchLabels(Map.of(Labels.NAME, Labels.OPERATOR))
                .build())
        .endFrom()
        .withPorts(tcp(InternalListener.PORT))
        .build();
  }

  private NetworkPolicyIngressRule bridgesIn() {
    return new NetworkPolicyIngressRuleBuilder()
        .withFrom(ownPods())
        .withPorts(tcp(InternalListener.PORT))
        .build();
  }

  private NetworkPolicyEgressRule bridgesOut() {
    return new NetworkPolicyEgressRuleBuilder()
        .withTo(ownPods())
        .withPorts(tcp(InternalListener.PORT))
        .build();
  }

  /** Wherever it is: clusters have it in pods of any label, or on the node. */
  private static NetworkPolicyEgressRule nameService() {
    return new NetworkPolicyEgressRuleBuilder()
        .withPorts(port("UDP", NAME_SERVICE), port("TCP", NAME_SERVICE))
        .build();
  }

  private NetworkPolicyPeer ownPods() {
    return new NetworkPolicyPeerBuilder()
        .withPodSelector(
            new LabelSelectorBuilder()
                .withMatchLabels(Labels.selector(profile.names().broker()))
                .build())
        .build();
  }

  private static NetworkPolicyPort tcp(int port) {
    return port("TCP", port);
  }

  private static NetworkPolicyPort port(String protocol, int port) {
    return new NetworkPolicyPortBuilder()
        .withProtocol(protocol)
        .withPort(new IntOrString(port))
        .build();
  }

  private io.fabric8.kubernetes.api.model.ObjectMeta metadata(String name, String component) {
    return SecretBlueprint.metadata(profile, name, component, Map.of());
  }
}
