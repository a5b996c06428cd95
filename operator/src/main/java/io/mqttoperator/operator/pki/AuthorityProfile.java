package io.mqttoperator.operator.pki;

import java.time.Duration;

/**
 * A certificate authority of our own, signed by itself, or across by another.
 *
 * @param commonName 1 to 64 characters; {@link CommonName#shortened} makes a longer name fit
 * @param pathLength how many authorities may stand between it and the leaves (RFC 5280 section
 *     4.2.1.9)
 */
public record AuthorityProfile(
    String commonName, KeyAlgorithm keyAlgorithm, Duration validity, int pathLength)
    implements CertificateProfile {

  /**
   * As many that are newer may be signed across below an authority that is still trusted: so it
   * bounds what a server shows while several rollovers are under way.
   */
  static final int NEWER_BELOW = 3;

  public AuthorityProfile {
    CommonName.require(commonName);
    CertificateProfile.requireValidity(validity);
  }

  public AuthorityProfile(String commonName, KeyAlgorithm keyAlgorithm, Duration validity) {
    this(commonName, keyAlgorithm, validity, NEWER_BELOW);
  }
}
