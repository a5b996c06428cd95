package io.mqttoperator.api;

/**
 * What holds for the Services of listeners: as Kubernetes validates a Service (ValidateService of
 * k8s.io/kubernetes), so that what does not fit together is found before one is made of it. Which
 * ports are free, and what cannot be changed any more, only the API server knows.
 */
final class ServiceRules {
  static final String NODE_PORT_OUTSIDE = "!has(self.nodePort) || self.type != 'ClusterIP'";

  static final String NODE_PORT_OUTSIDE_MESSAGE =
      "leave nodePort out, or set type to NodePort or LoadBalancer: a ClusterIP has no port on the"
          + " nodes";

  static final String TRAFFIC_POLICY_OUTSIDE =
      "!has(self.externalTrafficPolicy) || self.type != 'ClusterIP'";

  static final String TRAFFIC_POLICY_OUTSIDE_MESSAGE =
      "leave externalTrafficPolicy out, or set type to NodePort or LoadBalancer: nothing reaches a"
          + " ClusterIP from outside";

  static final String CLASS_OF_LOAD_BALANCER =
      "!has(self.loadBalancerClass) || self.type == 'LoadBalancer'";

  static final String CLASS_OF_LOAD_BALANCER_MESSAGE =
      "leave loadBalancerClass out, or set type to LoadBalancer";

  static final String SOURCES_OF_LOAD_BALANCER =
      "!has(self.loadBalancerSourceRanges) || self.type == 'LoadBalancer'";

  static final String SOURCES_OF_LOAD_BALANCER_MESSAGE =
      "leave loadBalancerSourceRanges out, or set type to LoadBalancer; who may connect to any"
          + " listener is for its allowedPeers";

  static final String TWO_FAMILIES =
      """
      !has(self.ipFamilies) || size(self.ipFamilies) < 2
        || (has(self.ipFamilyPolicy) && self.ipFamilyPolicy != 'SingleStack')\
      """;

  static final String TWO_FAMILIES_MESSAGE =
      "set ipFamilyPolicy to PreferDualStack or RequireDualStack, or give one of ipFamilies";

  static final String DISTINCT_FAMILIES =
      "size(self) > 0 && (size(self) < 2 || self[0] != self[1])";

  static final String DISTINCT_FAMILIES_MESSAGE =
      "give IPv4, IPv6 or both, each once, or leave ipFamilies out";

  static final String QUALIFIED_NAME = "!format.qualifiedName().validate(self).hasValue()";

  static final String QUALIFIED_NAME_MESSAGE =
      "write an optional DNS name and a slash, then at most 63 letters, digits, '-', '_' or '.',"
          + " such as example.com/internal";

  /** To Kubernetes an empty list means anybody, and it reads like nobody. */
  static final String A_SOURCE = "size(self) > 0";

  static final String A_SOURCE_MESSAGE =
      "add a network, or leave loadBalancerSourceRanges out to let in all";

  /** The ports of the Service that has all listeners. */
  static final String UNIQUE_PORTS =
      """
      self.all(a, self.exists_one(b,
        (a.service.type == 'ClusterIP' ? a.?service.?port.orValue(a.port) : a.port)
          == (b.service.type == 'ClusterIP' ? b.?service.?port.orValue(b.port) : b.port)))\
      """;

  static final String UNIQUE_PORTS_MESSAGE =
      "give each listener a port of its own at the Service <broker>: there it has its service.port"
          + " (default: its port), or its port where service.type is not ClusterIP";

  static final String UNIQUE_NODE_PORTS =
      """
      self.all(a, !has(a.service.nodePort)
        || self.exists_one(b, b.?service.?nodePort.orValue(0) == a.service.nodePort))\
      """;

  static final String UNIQUE_NODE_PORTS_MESSAGE =
      "give each listener a service.nodePort of its own, or leave it out";

  private static final String SHARED =
      "a.service.type != 'ClusterIP' || b.service.type != 'ClusterIP'";

  static final String SAME_FAMILIES =
      "self.all(a, self.all(b, "
          + SHARED
          + " || ((!has(a.service.ipFamilyPolicy) || !has(b.service.ipFamilyPolicy)"
          + " || a.service.ipFamilyPolicy == b.service.ipFamilyPolicy)"
          + " && (!has(a.service.ipFamilies) || !has(b.service.ipFamilies)"
          + " || a.service.ipFamilies == b.service.ipFamilies))))";

  static final String SAME_FAMILIES_MESSAGE =
      "give listeners of service.type ClusterIP the same ipFamilyPolicy and ipFamilies: they share"
          + " the Service <broker>";

  static final String SAME_ANNOTATIONS =
      "self.all(a, self.all(b, "
          + SHARED
          + " || !has(a.service.annotations) || !has(b.service.annotations)"
          + " || a.service.annotations.all(k, !(k in b.service.annotations)"
          + " || a.service.annotations[k] == b.service.annotations[k])))";

  static final String SAME_ANNOTATIONS_MESSAGE =
      "give listeners of service.type ClusterIP the same value for an annotation: they share the"
          + " Service <broker>";

  private ServiceRules() {}
}
