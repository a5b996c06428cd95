package io.mqttoperator.operator.pki;

import java.security.cert.X509Certificate;
import java.util.Set;

/**
 * What was seen of a broker's authorities, the last time that it was looked at. It may be lost:
 * then it is to be seen again before a rollover goes on.
 *
 * @param trusted those that every running pod is known to trust
 * @param replacedBy the number of the authority of which every running pod is known to show the
 *     server certificate, and that has issued the certificates of all users, as they are stored; 0:
 *     none
 */
public record AuthorityProof(Set<X509Certificate> trusted, int replacedBy) {

  public static final AuthorityProof NONE = new AuthorityProof(Set.of(), 0);

  public AuthorityProof {
    trusted = Set.copyOf(trusted);
  }
}
