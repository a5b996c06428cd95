package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.OfferedSecret;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.SecretReferences;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.OwnAuthority;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which authority of the broker's owner is in use: the newest, where it can be used, else the last
 * good one, which is stored beside the generated one and so outlives the operator. Pure.
 *
 * @param authority empty: the generated one is in use
 * @param problem what is wrong with the newest
 * @param isMissing whether a new broker has to wait for it
 * @param warnings for status, in sentences
 * @param news what was taken just now, in sentences for events
 */
public record OwnAuthorityChoice(
    Optional<OwnAuthority> authority,
    Optional<Verdict> problem,
    boolean isMissing,
    List<String> warnings,
    List<String> news) {

  private static final String FIELD = "spec.certificates.authority.secretRef";

  static final OwnAuthorityChoice NONE =
      new OwnAuthorityChoice(Optional.empty(), Optional.empty(), false, List.of(), List.of());

  static OwnAuthorityChoice of(BrokerProfile profile, BrokerObservation seen, Instant now) {
    return SecretReferences.of(profile.broker())
        .authority()
        .map(name -> of(name, profile, seen, now))
        .orElse(NONE);
  }

  private static OwnAuthorityChoice of(
      String name, BrokerProfile profile, BrokerObservation seen, Instant now) {
    var lastGood = stored(seen.authority());
    var found = seen.offered().getOrDefault(name, new OfferedSecret.Absent());
    var problem = found.problem(FIELD, name, SecretEntries.CERTIFICATE, SecretEntries.KEY);
    if (problem.isEmpty() && found instanceof OfferedSecret.Offered offered) {
      try {
        return inUse(name, check(offered.secret(), profile, now), lastGood, now);
      } catch (InvalidCertificateException invalid) {
        problem =
            Optional.of(
                Verdict.no(
                    Reason.INVALID_CERTIFICATE,
                    "%s: Secret %s: %s.".formatted(FIELD, name, invalid.problem())));
      }
    }
    return new OwnAuthorityChoice(
        lastGood,
        problem,
        lastGood.isEmpty() && seen.statefulSet().isEmpty(),
        lastGood.map(own -> warnings(name, own, now)).orElse(List.of()),
        List.of());
  }

  private static OwnAuthorityChoice inUse(
      String name, OwnAuthority own, Optional<OwnAuthority> lastGood, Instant now) {
    var isNew = lastGood.isEmpty() || !lastGood.get().pair().chain().equals(own.pair().chain());
    return new OwnAuthorityChoice(
        Optional.of(own),
        Optional.empty(),
        false,
        warnings(name, own, now),
        isNew
            ? List.of("Took the certificate authority of Secret %s.".formatted(name))
            : List.of());
  }

  private static OwnAuthority check(StoredSecret secret, BrokerProfile profile, Instant now)
      throws InvalidCertificateException {
    return OwnAuthority.check(
        secret.bytes(SecretEntries.CERTIFICATE).orElseThrow(),
        secret.bytes(SecretEntries.KEY).orElseThrow(),
        secret.bytes(SecretEntries.TRUST),
        profile.serverProfile().dnsNames(),
        now);
  }

  /**
   * The one that was in use before this choice; empty: the generated one.
   *
   * @throws InvalidCertificateException if it cannot be read, and no good one has taken its place
   */
  static Optional<OwnAuthority> before(StoredSecret secret, OwnAuthorityChoice chosen)
      throws InvalidCertificateException {
    try {
      return read(secret);
    } catch (InvalidCertificateException damaged) {
      if (chosen.authority().isPresent()) {
        return chosen.authority();
      }
      throw damaged;
    }
  }

  /** The last good one. */
  private static Optional<OwnAuthority> stored(StoredSecret secret) {
    try {
      return read(secret);
    } catch (InvalidCertificateException damaged) {
      return Optional.empty();
    }
  }

  private static Optional<OwnAuthority> read(StoredSecret secret)
      throws InvalidCertificateException {
    var chain = secret.bytes(SecretEntries.OWN_CERTIFICATE);
    var key = secret.bytes(SecretEntries.OWN_KEY);
    return chain.isEmpty() || key.isEmpty()
        ? Optional.empty()
        : Optional.of(
            OwnAuthority.read(chain.get(), key.get(), secret.bytes(SecretEntries.OWN_TRUST)));
  }

  private static List<String> warnings(String name, OwnAuthority own, Instant now) {
    var warnings = new ArrayList<String>();
    warnings.add(
        ("Whoever has the key of Secret %s (%s) can sign a certificate for any name: of the broker,"
                + " and of any user where a listener takes certificates.")
            .formatted(name, FIELD));
    if (!own.hasRoot()) {
      warnings.add(
          ("Secret %s has no root, neither in ca.crt nor in tls.crt: clients that use OpenSSL, and"
                  + " many others, trust no CA that another has signed. Put the root into ca.crt.")
              .formatted(name));
    }
    if (!now.isBefore(OwnCertificates.warnFrom(own.pair(), own.end())) && !now.isAfter(own.end())) {
      warnings.add(OwnCertificates.ending(name, "authority", own.end()));
    }
    return List.copyOf(warnings);
  }

  /** What is stored beside the generated authority. */
  public Map<String, byte[]> files() {
    var files = new TreeMap<String, byte[]>();
    authority.ifPresent(
        own -> {
          files.put(SecretEntries.OWN_CERTIFICATE, own.pair().certificatePem());
          files.put(SecretEntries.OWN_KEY, own.pair().keyPem());
          files.put(SecretEntries.OWN_TRUST, own.trustPem());
        });
    return files;
  }
}
