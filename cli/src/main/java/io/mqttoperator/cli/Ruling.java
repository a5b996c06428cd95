package io.mqttoperator.cli;

import io.mqttoperator.operator.access.ClientAccess;
import io.mqttoperator.operator.access.Decision;
import io.mqttoperator.operator.access.Grant;
import io.mqttoperator.operator.access.Reach;
import io.mqttoperator.operator.access.UserDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The answer to one question, and why.
 *
 * @param because in words, one for each line
 * @param by the rules that decide
 */
record Ruling(Answer answer, List<String> because, List<Grant> by) {

  /** Whether something is allowed. */
  enum Answer {
    YES("yes"),
    NO("no"),
    /** Of a subscription: some of its messages are delivered, some are kept back. */
    IN_PART("in part"),
    /** The rules are too many to say, or it is not known what the user is called. */
    UNKNOWN("unknown");

    final String text;

    Answer(String text) {
      this.text = text;
    }
  }

  static Ruling no(String because) {
    return new Ruling(Answer.NO, List.of(because), List.of());
  }

  /** Why a user has no rights at all; empty if it may log in. */
  static Optional<Ruling> shutOut(UserDecision user) {
    var name = "MqttUser " + user.user().getMetadata().getName();
    if (user.mayLogIn()) {
      return Optional.empty();
    }
    if (user.seen().isBeingDeleted()) {
      return Optional.of(no(name + " is being deleted."));
    }
    if (user.accepted().isTrue() && user.seen().username().isEmpty()) {
      return Optional.of(new Ruling(Answer.UNKNOWN, List.of(nameless(user) + "."), List.of()));
    }
    return Optional.of(
        user.seen().isDisabled()
            ? no(name + " is disabled (spec.disabled).")
            : no(
                "%s is not accepted (%s): %s"
                    .formatted(name, user.accepted().reason().text(), user.accepted().message())));
  }

  /** Of one whose Secret says its name, and is not to be read here. */
  static String nameless(UserDecision user) {
    return "MqttUser %s: its username is in a Secret (spec.password.secretRef) that is not here"
        .formatted(user.user().getMetadata().getName());
  }

  /**
   * Asks the rules.
   *
   * @param describe a rule, with where it stands
   * @throws IllegalArgumentException if there is no such topic or filter
   */
  static Ruling of(
      ClientAccess access, Action action, String topic, Function<Grant, String> describe) {
    return switch (action) {
      case PUBLISH -> of(access.publish(topic), describe);
      case RECEIVE -> of(access.receive(topic), describe);
      case SUBSCRIBE -> of(access.subscribe(topic), describe);
    };
  }

  private static Ruling of(Decision decision, Function<Grant, String> describe) {
    return new Ruling(
        decision.isAllowed() ? Answer.YES : Answer.NO,
        List.of(reason(decision, describe)),
        grant(decision).stream().toList());
  }

  private static Ruling of(Reach reach, Function<Grant, String> describe) {
    var because = new ArrayList<String>();
    var by = new ArrayList<Grant>();
    reach.delivered().ifPresent(example -> add("is delivered", example, describe, because, by));
    reach.withheld().ifPresent(example -> add("is kept back", example, describe, because, by));
    var answer =
        switch (reach.extent()) {
          case ALL -> Answer.YES;
          case SOME -> Answer.IN_PART;
          case NONE -> Answer.NO;
          case UNKNOWN -> Answer.UNKNOWN;
        };
    return new Ruling(answer, because, by);
  }

  private static void add(
      String fate,
      Reach.Example example,
      Function<Grant, String> describe,
      List<String> because,
      List<Grant> by) {
    because.add(
        "\"%s\" %s: %s".formatted(example.topic(), fate, reason(example.decision(), describe)));
    grant(example.decision()).ifPresent(by::add);
  }

  private static String reason(Decision decision, Function<Grant, String> describe) {
    return grant(decision).map(describe).orElse("no rule allows it.");
  }

  private static Optional<Grant> grant(Decision decision) {
    return switch (decision) {
      case Decision.Allowed allowed -> Optional.of(allowed.by());
      case Decision.Denied denied -> Optional.of(denied.by());
      case Decision.NotAllowed none -> Optional.empty();
    };
  }
}
