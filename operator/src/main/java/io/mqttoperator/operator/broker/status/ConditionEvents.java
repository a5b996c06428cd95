package io.mqttoperator.operator.broker.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.mqttoperator.operator.broker.status.WarningEvents.WarningEvent;
import io.mqttoperator.operator.kube.Conditions;
import io.mqttoperator.operator.kube.Reason;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Conditions that are worth an event, once for each reason: what stands already has been told, also
 * by an operator of before. Pure.
 */
final class ConditionEvents {

  /** Why pods do not run, where that does not pass by itself. */
  private static final Set<String> PROBLEMS =
      Stream.of(
              Reason.BROKER_FAILED,
              Reason.IMAGE_PULL_FAILED,
              Reason.UNSCHEDULABLE,
              Reason.VOLUME_PENDING)
          .map(Reason::text)
          .collect(Collectors.toUnmodifiableSet());

  private ConditionEvents() {}

  /** Of a broker: where it is not accepted, that is why its pods do not run, too. */
  static List<WarningEvent> ofBroker(
      @Nullable List<Condition> before, @Nullable List<Condition> now) {
    return Conditions.isTrue(now, Conditions.ACCEPTED)
        ? news(before, now, Conditions.READY, "False", PROBLEMS::contains).toList()
        : news(before, now, Conditions.ACCEPTED, "False", reason -> true).toList();
  }

  /** Of a user or an ACL. */
  static List<WarningEvent> ofMember(
      @Nullable List<Condition> before, @Nullable List<Condition> now) {
    return Stream.concat(
            news(before, now, Conditions.ACCEPTED, "False", ConditionEvents::needsAPerson),
            news(before, now, Conditions.CERTIFICATE_OVERDUE, "True", reason -> true))
        .toList();
  }

  /** A broker that is missing is often only applied a moment later. */
  private static boolean needsAPerson(String reason) {
    return !Reason.BROKER_NOT_FOUND.text().equals(reason);
  }

  private static Stream<WarningEvent> news(
      @Nullable List<Condition> before,
      @Nullable List<Condition> now,
      String type,
      String status,
      Predicate<String> isWorthIt) {
    var was = Conditions.find(before, type).map(Condition::getReason).orElse("");
    return Conditions.find(now, type)
        .filter(condition -> status.equals(condition.getStatus()))
        .filter(condition -> !was.equals(condition.getReason()))
        .filter(condition -> isWorthIt.test(condition.getReason()))
        .map(condition -> new WarningEvent(condition.getReason(), condition.getMessage()))
        .stream();
  }
}
