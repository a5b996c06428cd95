package io.mqttoperator.api;

/**
 * What holds for the peers that may connect: as Kubernetes validates a NetworkPolicy, so that the
 * one made from them is never refused.
 */
final class PeerRules {
  /** In a NetworkPolicy an empty list means anybody, and reads like nobody. */
  static final String AT_LEAST_ONE = "size(self) > 0";

  static final String AT_LEAST_ONE_MESSAGE =
      "add a peer, or leave allowedPeers out to let anybody connect";

  static final String ONE_KIND =
      "has(self.ipBlock) != (has(self.podSelector) || has(self.namespaceSelector))";

  static final String ONE_KIND_MESSAGE =
      "give podSelector, namespaceSelector or both, or ipBlock alone";

  static final String NETWORK = "isCIDR(self) && cidr(self) == cidr(self).masked()";

  static final String NETWORK_MESSAGE =
      "write a network with its prefix length and no bit set after it, such as 10.1.0.0/16 or"
          + " 2001:db8::/32";

  static final String EXCEPT_WITHIN =
      """
      !has(self.except) || !isCIDR(self.cidr) || self.except.all(e, isCIDR(e)
        && cidr(self.cidr).containsCIDR(e)
        && cidr(e).prefixLength() > cidr(self.cidr).prefixLength())\
      """;

  static final String EXCEPT_WITHIN_MESSAGE = "except only networks that are smaller parts of cidr";

  private PeerRules() {}
}
