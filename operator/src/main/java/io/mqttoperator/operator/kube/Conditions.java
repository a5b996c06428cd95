package io.mqttoperator.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Conditions as the Kubernetes API conventions have them: {@code lastTransitionTime} changes with
 * {@code status} alone. Adds what kstatus reads: {@code Stalled} when {@code Accepted} is False for
 * good, else {@code Reconciling} until {@code Ready} is True.
 */
public final class Conditions {

  public static final String ACCEPTED = "Accepted";
  public static final String CERTIFICATES_READY = "CertificatesReady";
  public static final String ACCESS_ENFORCED = "AccessEnforced";
  public static final String ENFORCED = "Enforced";
  public static final String READY = "Ready";

  /** There only while it applies. */
  public static final String CERTIFICATE_OVERDUE = "CertificateOverdue";

  private static final String RECONCILING = "Reconciling";
  private static final String STALLED = "Stalled";

  /** What is missing may be on its way, as when all is applied at once: that is no failure yet. */
  private static final Set<Reason> MAY_COME =
      EnumSet.of(Reason.BROKER_NOT_FOUND, Reason.SECRET_NOT_FOUND);

  /** The API server refuses a condition's message above 32768 characters; ours stay readable. */
  private static final int LONGEST_MESSAGE = 1024;

  private Conditions() {}

  /** The new list, in the order of {@code verdicts}, which must hold Accepted and Ready. */
  public static List<Condition> compose(
      @Nullable List<Condition> before,
      SequencedMap<String, Verdict> verdicts,
      @Nullable Long generation,
      Clock clock) {
    var conditions = new ArrayList<Condition>();
    verdicts.forEach(
        (type, verdict) -> conditions.add(condition(before, type, verdict, generation, clock)));
    var accepted = Objects.requireNonNull(verdicts.get(ACCEPTED));
    var ready = Objects.requireNonNull(verdicts.get(READY));
    if (accepted.isFalse() && !MAY_COME.contains(accepted.reason())) {
      conditions.add(
          condition(
              before,
              STALLED,
              Verdict.yes(accepted.reason(), accepted.message()),
              generation,
              clock));
    } else if (!ready.isTrue()) {
      conditions.add(
          condition(
              before,
              RECONCILING,
              Verdict.yes(ready.reason(), ready.message()),
              generation,
              clock));
    }
    return List.copyOf(conditions);
  }

  /** The list that stands, but not {@code Ready} for the time being. */
  public static List<Condition> notReady(
      List<Condition> before, Verdict why, @Nullable Long generation, Clock clock) {
    var conditions =
        new ArrayList<>(
            before.stream()
                .filter(standing -> !Set.of(READY, RECONCILING).contains(standing.getType()))
                .toList());
    conditions.add(condition(before, READY, why, generation, clock));
    conditions.add(
        condition(
            before, RECONCILING, Verdict.yes(why.reason(), why.message()), generation, clock));
    return List.copyOf(conditions);
  }

  public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(condition -> type.equals(condition.getType())).findFirst();
  }

  public static boolean isTrue(@Nullable List<Condition> conditions, String type) {
    return find(conditions, type).map(found -> "True".equals(found.getStatus())).orElse(false);
  }

  private static Condition condition(
      @Nullable List<Condition> before,
      String type,
      Verdict verdict,
      @Nullable Long generation,
      Clock clock) {
    var status = verdict.state().text();
    var since =
        find(before, type)
            .filter(old -> status.equals(old.getStatus()))
            .map(Condition::getLastTransitionTime)
            .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    return new ConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(verdict.reason().text())
        .withMessage(printable(verdict.message()))
        .withObservedGeneration(generation)
        .withLastTransitionTime(since)
        .build();
  }

  /** Without control characters and of bounded length: messages may quote what a pod said. */
  public static String printable(String text) {
    var clean = clean(text);
    if (clean.codePointCount(0, clean.length()) <= LONGEST_MESSAGE) {
      return clean;
    }
    return clean.substring(0, clean.offsetByCodePoints(0, LONGEST_MESSAGE)) + "…";
  }

  /** Without controls (those above ASCII too), invisible formats, and halves of characters. */
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+", " ").strip();
  }

  /** The last {@code limit} bytes at most, cut at a character, without control characters. */
  public static String tail(String text, int limit) {
    var clean = clean(text);
    var start = clean.length();
    var bytes = 0;
    while (start > 0) {
      var codePoint = clean.codePointBefore(start);
      var size = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
      if (bytes + size > limit) {
        break;
      }
      bytes += size;
      start -= Character.charCount(codePoint);
    }
    return clean.substring(start);
  }
}
