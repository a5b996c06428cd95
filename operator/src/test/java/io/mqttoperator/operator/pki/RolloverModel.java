package io.mqttoperator.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.mqttoperator.operator.pki.RolloverDecision.Replace;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A broker with two pods and three users, whose operator rolls authorities over, is woken late, is
 * cut off between any two writes, and forgets. Its clients go by the book: they use what they could
 * have fetched within the last overlap. Two more users, of a tenant that does not, put back what
 * their Secrets held, now the one and now the other.
 */
final class RolloverModel {

  private static final int PODS = 2;
  private static final int USERS = 3;
  private static final int STUBBORN = 2;
  private static final Duration MOST_BEHIND = Duration.ofMinutes(2);
  private static final Duration LEAF = Duration.ofDays(90);
  private static final Duration LEAF_WINDOW = Duration.ofDays(30);

  /** What a pod has loaded. */
  private record Revision(
      List<X509Certificate> trusted,
      List<CertificateRevocationList> revocations,
      KeyAndCertificate server) {}

  /** What could be fetched, and until when. */
  private record Published(
      List<X509Certificate> bundle, Optional<KeyAndCertificate> certificate, Instant until) {}

  /** The operator is ended here. */
  private static final class CutOff extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final Random random;
  private Instant real = Samples.NOW.truncatedTo(ChronoUnit.SECONDS);

  /** As the operator's clock has it: somebody sets it now and then. */
  private Instant now = real;

  private Duration behind = Duration.ZERO;
  private AuthorityRequest asked;

  private Map<String, byte[]> authorityFiles = Map.of();
  private AuthorityProof memory = AuthorityProof.NONE;
  private Optional<KeyAndCertificate> server = Optional.empty();
  private final List<Optional<Published>> users = new ArrayList<>();
  private List<X509Certificate> bundle = List.of();
  private Optional<Revision> revision = Optional.empty();
  private final List<Optional<Revision>> pods = new ArrayList<>();
  private final List<Published> former = new ArrayList<>();
  private final List<Optional<KeyAndCertificate>> stubborn = new ArrayList<>();

  /** The authority that does not issue, in that stage, after the next pass. */
  private Optional<Integer> mustLeave = Optional.empty();

  int bounds;
  private Instant wakeAt = now;

  int rollovers;
  private final List<String> history = new ArrayList<>();

  RolloverModel(long seed, AuthorityRequest asked) {
    this.random = new Random(seed);
    this.asked = asked;
    IntStream.range(0, USERS).forEach(user -> users.add(Optional.empty()));
    IntStream.range(0, STUBBORN).forEach(user -> stubborn.add(Optional.empty()));
    IntStream.range(0, PODS).forEach(pod -> pods.add(Optional.empty()));
  }

  Instant now() {
    return real;
  }

  AuthorityRequest asked() {
    return asked;
  }

  void ask(AuthorityRequest other) {
    asked = other;
    wakeAt = now;
  }

  /** One pass, and what every client by the book finds; then time goes on. */
  void step(Duration lateness) throws Exception {
    try {
      pass();
    } catch (CutOff ended) {
      memory = AuthorityProof.NONE;
      mustLeave = Optional.empty();
      wakeAt = now.plusSeconds(1 + random.nextInt(60));
    }
    former.removeIf(each -> !each.until().isAfter(real.minus(asked.overlap()).plus(MOST_BEHIND)));
    check();
    var toWake = Math.max(1, Duration.between(now, wakeAt).toSeconds());
    real =
        random.nextInt(3) == 0
            ? real.plusSeconds(1 + random.nextLong(toWake))
            : real.plusSeconds(toWake + random.nextLong(1 + late(toWake, lateness)));
    if (random.nextInt(20) == 0) {
      behind = Duration.ofSeconds(random.nextLong(MOST_BEHIND.toSeconds()));
    }
    now = real.minus(behind);
  }

  /** What is to be done at once is not put off for weeks. */
  private static long late(long toWake, Duration lateness) {
    return Math.min(lateness.toSeconds(), 10 * toWake);
  }

  private void cutOffMaybe() throws CutOff {
    if (random.nextInt(25) == 0) {
      throw new CutOff();
    }
  }

  private CertificateIssuer issuer() {
    return new CertificateIssuer(clock(), Samples.random(random.nextLong()));
  }

  private Clock clock() {
    return Samples.at(now);
  }

  private void pass() throws CutOff, InvalidCertificateException {
    var proof = memory;
    memory = AuthorityProof.NONE;
    var rollover = new AuthorityRollover(issuer(), clock());
    var outcome =
        rollover.go(
            authorityFiles.isEmpty()
                ? rollover.first(asked)
                : AuthorityFiles.read(key -> Optional.ofNullable(authorityFiles.get(key))),
            asked,
            proof);
    var authorities = outcome.authorities();
    outcome.steps().forEach(step -> history.add(now + " " + step));
    rollovers +=
        (int) outcome.steps().stream().filter(RolloverDecision.Issue.class::isInstance).count();
    assertThat(outcome.steps()).noneMatch(Replace.class::isInstance);
    if (mustLeave.isPresent()) {
      bounds++;
      assertThat(
              authorities.stage() == RolloverStage.ISSUE
                  && mustLeave.get() == authorities.issuing().number())
          .as("held up, against what is bounded: %s", history)
          .isFalse();
    }
    mustLeave = Optional.empty();
    cutOffMaybe();
    authorityFiles = AuthorityFiles.of(authorities);
    cutOffMaybe();
    publish(authorities.trustedCertificates());
    cutOffMaybe();
    var left = users(authorities);
    var isHeld = stubborn(authorities);
    var shown = server(authorities);
    var next = new Revision(authorities.trustedCertificates(), lists(authorities), shown);
    cutOffMaybe();
    server = Optional.of(shown);
    revision = Optional.of(next);
    cutOffMaybe();
    var isProven = load();
    if (isProven) {
      memory =
          new AuthorityProof(
              Set.copyOf(authorities.trustedCertificates()),
              left == 0 && !isHeld ? authorities.issuing().number() : 0);
    }
    mustLeave =
        isProven && left == 0 && isBoundOver(authorities)
            ? Optional.of(authorities.issuing().number())
            : Optional.empty();
    var isGoingOn =
        AuthorityRollover.decide(authorities, asked, memory, clock())
            instanceof RolloverDecision.Step;
    var at = isProven && left == 0 && !isGoingOn ? outcome.lookAt() : now.plusSeconds(1);
    // The operator looks every ten minutes; this is often enough to see that the bound is kept.
    var soon = now.plus(asked.overlap().dividedBy(2)).plus(Duration.ofMinutes(40));
    at = isHeld && authorities.stage() == RolloverStage.ISSUE && soon.isBefore(at) ? soon : at;
    for (var leaf : leaves()) {
      var due = leaf.notAfter().minus(LEAF_WINDOW);
      at = due.isBefore(at) ? due : at;
    }
    wakeAt = at;
  }

  private List<CertificateRevocationList> lists(Authorities authorities) {
    return authorities.trusted().stream()
        .map(authority -> issuer().certificateRevocationList(authority))
        .toList();
  }

  private List<KeyAndCertificate> leaves() {
    var leaves = new ArrayList<KeyAndCertificate>();
    server.ifPresent(leaves::add);
    users.forEach(user -> user.flatMap(Published::certificate).ifPresent(leaves::add));
    return leaves;
  }

  private void publish(List<X509Certificate> now) {
    if (!bundle.isEmpty() && !bundle.equals(now)) {
      former.add(new Published(bundle, Optional.empty(), real));
    }
    bundle = now;
  }

  /** Issues for some of them, and answers how many were not seen to hold what they are to hold. */
  private int users(Authorities authorities) throws CutOff {
    var left = 0;
    for (int user = 0; user < USERS; user++) {
      var before = users.get(user);
      var profile = new ClientProfile("user-" + user, asked.keyAlgorithm(), LEAF);
      var desired =
          DesiredCertificate.issuedBy(authorities.issuing().pair(), profile, LEAF_WINDOW, 1);
      var found = before.flatMap(Published::certificate);
      var certificate = found;
      if (decide(found, desired) instanceof RenewalDecision.Issue) {
        left++;
        if (random.nextInt(3) == 0) {
          continue; // the pass has no time left for this one
        }
        certificate = Optional.of(issuer().issueClient(authorities.issuing().pair(), profile));
      }
      if (random.nextInt(40) == 0) {
        throw new CutOff();
      }
      var trusted = authorities.trustedCertificates();
      var written = new Published(trusted, certificate, Instant.MAX);
      before
          .filter(old -> !old.equals(written))
          .ifPresent(old -> former.add(new Published(old.bundle(), old.certificate(), real)));
      users.set(user, Optional.of(written));
    }
    return left;
  }

  /**
   * One of them is always as it was before: each time another, so that both were seen to be well.
   * Answers whether they are waited for.
   */
  private boolean stubborn(Authorities authorities) {
    var isHeld = false;
    var puttingBack = random.nextInt(STUBBORN);
    for (int user = 0; user < STUBBORN; user++) {
      var profile = new ClientProfile("stubborn-" + user, asked.keyAlgorithm(), LEAF);
      var desired =
          DesiredCertificate.issuedBy(authorities.issuing().pair(), profile, LEAF_WINDOW, 1);
      if (user == puttingBack
          || decide(stubborn.get(user), desired) instanceof RenewalDecision.Issue) {
        isHeld |= authorities.waitsFor(true, asked.overlap(), now);
      }
      if (user != puttingBack) {
        stubborn.set(
            user, Optional.of(issuer().issueClient(authorities.issuing().pair(), profile)));
      }
    }
    return isHeld;
  }

  /**
   * All else is done, and the overlap has passed: the next pass must go on, whatever the stubborn
   * do.
   */
  private boolean isBoundOver(Authorities authorities) {
    var overlap = asked.overlap();
    var hour = Duration.ofHours(1);
    var patience = overlap.compareTo(hour) > 0 ? overlap : hour;
    return authorities.stage() == RolloverStage.ISSUE
        && authorities.formers().stream()
            .noneMatch(former -> now.isBefore(former.left().orElseThrow().plus(patience)));
  }

  private KeyAndCertificate server(Authorities authorities) {
    var profile =
        new ServerProfile("broker", List.of("broker"), List.of(), asked.keyAlgorithm(), LEAF);
    var desired = DesiredCertificate.issuedBy(authorities.forServers(), profile, LEAF_WINDOW, 1);
    return decide(server, desired) instanceof RenewalDecision.Issue
        ? issuer().issueServer(authorities.forServers(), profile)
        : server.orElseThrow();
  }

  private RenewalDecision decide(Optional<KeyAndCertificate> pair, DesiredCertificate desired) {
    return RenewalRules.decide(
        pair.map(it -> new StoredCertificate.Usable(it, 1)), desired, clock());
  }

  /** Each pod sooner or later; answers whether all have. */
  private boolean load() {
    for (int pod = 0; pod < PODS; pod++) {
      if (random.nextInt(4) > 0) {
        pods.set(pod, revision);
      }
    }
    return pods.stream().allMatch(revision::equals);
  }

  private void check() throws GeneralSecurityException {
    var clients = new ArrayList<>(former);
    clients.add(new Published(bundle, Optional.empty(), Instant.MAX));
    users.forEach(user -> user.ifPresent(clients::add));
    for (var pod : pods) {
      if (pod.isEmpty()) {
        continue; // it has never served
      }
      for (var client : clients) {
        if (client.bundle().isEmpty()) {
          continue; // cut off before anything was published
        }
        verify(pod.get().server(), client.bundle(), List.of());
        if (client.certificate().filter(this::isValid).isPresent()) {
          verify(client.certificate().get(), pod.get().trusted(), pod.get().revocations());
        }
      }
      for (var shown : pod.get().server().chain()) {
        assertThat(real)
            .isBetween(shown.getNotBefore().toInstant(), shown.getNotAfter().toInstant());
      }
    }
    for (var leaf : leaves()) {
      assertThat(isValid(leaf)).as("handed out: %s at %s", leaf, now).isTrue();
    }
  }

  /** One that a client let end, although the next was there for all of its window. */
  private boolean isValid(KeyAndCertificate certificate) {
    return !real.isAfter(certificate.notAfter());
  }

  private void verify(
      KeyAndCertificate shown, List<X509Certificate> trusted, List<CertificateRevocationList> lists)
      throws GeneralSecurityException {
    var selector = new X509CertSelector();
    selector.setCertificate(shown.certificate());
    var anchors =
        trusted.stream()
            .filter(each -> !real.isAfter(each.getNotAfter().toInstant()))
            .map(each -> new TrustAnchor(each, null))
            .collect(Collectors.toSet());
    assertThat(anchors).isNotEmpty();
    var parameters = new PKIXBuilderParameters(anchors, selector);
    parameters.setDate(Date.from(real));
    parameters.setRevocationEnabled(!lists.isEmpty());
    var known = new ArrayList<Object>(shown.chain());
    lists.forEach(list -> known.add(list.crl()));
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
    try {
      assertThat(CertPathBuilder.getInstance("PKIX").build(parameters)).isNotNull();
    } catch (GeneralSecurityException refused) {
      throw new AssertionError(
          "%s: %s by %s is refused by who trusts %s; %s"
              .formatted(
                  now,
                  shown.certificate().getSubjectX500Principal(),
                  names(shown.chain()),
                  names(trusted),
                  history),
          refused);
    }
  }

  private static List<String> names(List<X509Certificate> certificates) {
    return certificates.stream()
        .map(
            each ->
                "%s by %s %s to %s"
                    .formatted(
                        CommonName.of(each),
                        each.getIssuerX500Principal(),
                        each.getNotBefore().toInstant(),
                        each.getNotAfter().toInstant()))
        .toList();
  }
}
