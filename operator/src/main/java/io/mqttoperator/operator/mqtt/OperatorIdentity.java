package io.mqttoperator.operator.mqtt;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who a connection to a broker's internal listener is, and whom it trusts.
 *
 * @param account the CN of the certificate, which the broker takes as username and as client id
 * @param chain the client certificate first, then its issuers
 * @param key the client certificate's private key
 * @param trust the CAs that may have issued the broker's certificate
 */
public record OperatorIdentity(
    String account, List<X509Certificate> chain, PrivateKey key, List<X509Certificate> trust) {

  public OperatorIdentity {
    chain = List.copyOf(chain);
    trust = List.copyOf(trust);
    if (chain.isEmpty() || trust.isEmpty()) {
      throw new IllegalArgumentException(
          "identity " + account + ": needs a certificate and at least one CA to trust");
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "OperatorIdentity[account="
        + account
        + ", serial="
        + chain.getFirst().getSerialNumber().toString(16)
        + "]";
  }
}
