package io.mqttoperator.operator.pki;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the tests of this package issue. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-05-06T07:08:09.123Z");
  static final Clock CLOCK = at(NOW);
  static final Duration YEAR = Duration.ofDays(365);
  static final String OPERATOR = "$mqtt-operator-0123456789abcdef0123456789abcdef";

  private Samples() {}

  static Clock at(Instant instant) {
    return Clock.fixed(instant, ZoneOffset.UTC);
  }

  static SecureRandom random(long seed) {
    try {
      SecureRandom random =
          SecureRandom.getInstance("SHA1PRNG"); // With a seed of ours, it always gives the same.
      random.setSeed(seed);
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static CertificateIssuer issuer(Instant now) {
    return new CertificateIssuer(at(now), random(1));
  }

  static AuthorityProfile authority(KeyAlgorithm algorithm) {
    return new AuthorityProfile("broker.factory", algorithm, YEAR.multipliedBy(10));
  }

  static ServerProfile server(KeyAlgorithm algorithm) {
    return new ServerProfile(
        "broker.factory.svc",
        List.of(
            "localhost",
            "broker",
            "broker.factory",
            "broker.factory.svc",
            "broker.factory.svc.cluster.local",
            "*.broker-pods.factory.svc",
            "*.broker-pods.factory.svc.cluster.local"),
        List.of("127.0.0.1", "::1"),
        algorithm,
        Duration.ofDays(90));
  }

  static ClientProfile client(KeyAlgorithm algorithm) {
    return new ClientProfile(OPERATOR, algorithm, Duration.ofDays(90));
  }

  /** Made once for each algorithm, since an RSA key takes up to seconds. */
  record Issued(KeyAndCertificate authority, KeyAndCertificate server, KeyAndCertificate client) {
    private static final Map<KeyAlgorithm, Issued> ISSUED = new ConcurrentHashMap<>();

    static Issued with(KeyAlgorithm algorithm) {
      return ISSUED.computeIfAbsent(algorithm, Issued::issue);
    }

    private static Issued issue(KeyAlgorithm algorithm) {
      CertificateIssuer issuer = issuer(NOW);
      KeyAndCertificate authority = issuer.createAuthority(Samples.authority(algorithm));
      return new Issued(
          authority,
          issuer.issueServer(authority, Samples.server(algorithm)),
          issuer.issueClient(authority, Samples.client(algorithm)));
    }
  }
}
