package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.OfferedSecret;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.profile.ListenerProfile;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.SecretReferences;
import io.mqttoperator.operator.kube.Verdict;
import io.mqttoperator.operator.mosquitto.RevisionFiles;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.OwnServerCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Chooses among the server certificates of a broker's owner: the newest, where it can be used, else
 * the last good one, which is stored where pods read it and so outlives the operator. Pure.
 */
final class OwnCertificateChoice {

  private final BrokerProfile profile;
  private final BrokerObservation seen;
  private final Instant now;
  private final List<Verdict> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> news = new ArrayList<>();
  private boolean isMissing;

  private OwnCertificateChoice(BrokerProfile profile, BrokerObservation seen, Instant now) {
    this.profile = profile;
    this.seen = seen;
    this.now = now;
  }

  static OwnCertificates of(BrokerProfile profile, BrokerObservation seen, Instant now) {
    return new OwnCertificateChoice(profile, seen, now).choose();
  }

  private OwnCertificates choose() {
    var references = SecretReferences.of(profile.broker());
    var server =
        references
            .server()
            .flatMap(name -> choose("spec.certificates.server.secretRef", name, storedServer()));
    // A broker that runs goes on with the certificate that it has; a new one waits.
    isMissing = references.server().isPresent() && server.isEmpty() && isNew();
    var listeners = new TreeMap<String, OwnServerCertificate>();
    references
        .listeners()
        .forEach(
            (listener, name) -> {
              var field = "spec.listeners, %s: tls.secretRef".formatted(listener);
              choose(field, name, stored(listener))
                  .ifPresentOrElse(own -> listeners.put(listener, own), () -> isMissing = true);
            });
    references
        .server()
        .ifPresent(name -> server.ifPresent(own -> warn(name, own, this::showsServers)));
    references
        .listeners()
        .forEach(
            (listener, name) ->
                Optional.ofNullable(listeners.get(listener))
                    .ifPresent(own -> warn(name, own, asked -> asked.name().equals(listener))));
    return new OwnCertificates(
        OwnAuthorityChoice.of(profile, seen, now),
        server,
        listeners,
        former(listeners.keySet()),
        problems.stream().findFirst(),
        isMissing,
        List.copyOf(warnings),
        List.copyOf(news));
  }

  /**
   * Those that a stored configuration names: pods have it until their turn comes to start with the
   * newest, or for as long as that is refused.
   */
  private Map<String, OwnServerCertificate> former(Set<String> present) {
    var configurations =
        seen.files().keys().stream()
            .filter(file -> file.startsWith(RevisionFiles.CONFIGURATION))
            .flatMap(file -> seen.files().bytes(file).stream())
            .map(content -> new String(content, StandardCharsets.UTF_8))
            .toList();
    var former = new HashMap<String, OwnServerCertificate>();
    for (var key : seen.internal().keys()) {
      var name = RevisionFiles.listenerOfCertificate(key).orElse("");
      if (!name.isEmpty()
          && !present.contains(name)
          && configurations.stream().anyMatch(file -> file.contains("/" + key + "\n"))) {
        stored(name).ifPresent(own -> former.put(name, own));
      }
    }
    return former;
  }

  private boolean isNew() {
    return seen.statefulSet().isEmpty();
  }

  private boolean showsServers(ListenerProfile listener) {
    return listener.isEncrypted() && !listener.hasOwnCertificate();
  }

  private Optional<OwnServerCertificate> choose(
      String field, String name, Optional<OwnServerCertificate> lastGood) {
    var found = seen.offered().getOrDefault(name, new OfferedSecret.Absent());
    var problem = found.problem(field, name, SecretEntries.CERTIFICATE, SecretEntries.KEY);
    if (problem.isEmpty() && found instanceof OfferedSecret.Offered offered) {
      try {
        var own = check(offered.secret());
        if (lastGood.isEmpty() || !lastGood.get().pair().chain().equals(own.pair().chain())) {
          news.add("Took the server certificate of Secret %s.".formatted(name));
        }
        return Optional.of(own);
      } catch (InvalidCertificateException invalid) {
        problem =
            Optional.of(
                Verdict.no(
                    Reason.INVALID_CERTIFICATE,
                    "%s: Secret %s: %s.".formatted(field, name, invalid.problem())));
      }
    }
    problem.map(why -> said(why, lastGood)).ifPresent(problems::add);
    return lastGood;
  }

  private static Verdict said(Verdict why, Optional<OwnServerCertificate> lastGood) {
    return Verdict.no(
        why.reason(),
        why.message()
            + lastGood
                .map(
                    own ->
                        " The last good one (serial %s) is served until it is mended."
                            .formatted(own.pair().serialHex()))
                .orElse(""));
  }

  private OwnServerCertificate check(StoredSecret secret) throws InvalidCertificateException {
    return OwnServerCertificate.check(
        secret.bytes(SecretEntries.CERTIFICATE).orElseThrow(),
        secret.bytes(SecretEntries.KEY).orElseThrow(),
        secret.bytes(SecretEntries.TRUST),
        now);
  }

  private Optional<OwnServerCertificate> storedServer() {
    return seen.server().isMarked(Labels.OWN_CERTIFICATE)
        ? stored(seen.server(), SecretEntries.CERTIFICATE, SecretEntries.KEY, SecretEntries.TRUST)
        : Optional.empty();
  }

  private Optional<OwnServerCertificate> stored(String listener) {
    return stored(
        seen.internal(),
        RevisionFiles.listenerCertificate(listener),
        RevisionFiles.listenerKey(listener),
        OwnCertificates.trustFile(listener));
  }

  private static Optional<OwnServerCertificate> stored(
      StoredSecret secret, String certificate, String key, String trust) {
    var chain = secret.bytes(certificate);
    var keyPem = secret.bytes(key);
    if (chain.isEmpty() || keyPem.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(OwnServerCertificate.read(chain.get(), keyPem.get(), secret.bytes(trust)));
    } catch (InvalidCertificateException damaged) {
      return Optional.empty();
    }
  }

  private void warn(String name, OwnServerCertificate own, Predicate<ListenerProfile> shows) {
    var showing = profile.listeners().stream().filter(shows).map(ListenerProfile::name).toList();
    if (showing.isEmpty()) {
      return;
    }
    var host = profile.names().host();
    if (!own.names(host)) {
      warnings.add(
          ("Secret %s: the certificate does not name %s, which users' Secrets give as host: clients"
                  + " that reach listener %s by it, and verify the name, refuse the broker.")
              .formatted(name, host, String.join(", ", showing)));
    }
    if (own.trust().isEmpty()) {
      warnings.add(
          ("Secret %s has no ca.crt, and its chain no root: users' Secrets for listener %s have no"
                  + " ca.crt, so clients must know the CA from elsewhere.")
              .formatted(name, String.join(", ", showing)));
    }
    if (!now.isBefore(OwnCertificates.warnFrom(own.pair(), own.end())) && !now.isAfter(own.end())) {
      warnings.add(OwnCertificates.ending(name, "certificate", own.end()));
    }
  }
}
