package io.mqttoperator.operator.access;

import io.mqttoperator.api.Access;
import io.mqttoperator.operator.access.Reach.Example;
import io.mqttoperator.operator.access.TopicPattern.Level;
import io.mqttoperator.operator.mosquitto.Subscription;
import io.mqttoperator.operator.mosquitto.TopicName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a topic that a subscription delivers, and for one that it covers and does not deliver.
 *
 * <p>Goes through all topics that the filter covers, level by level. Two names that no rule tells
 * apart are one case, so that there are finitely many: each name that a rule has at that level, and
 * one that none has.
 */
final class SubscriptionSearch {

  /** Rules of a kind that people write need some hundreds; the problem itself is exponential. */
  private static final int MOST_STEPS = 50_000;

  private final ClientAccess access;
  private final Subscription subscription;
  private final List<Level> filter;
  private @Nullable Example delivered;
  private @Nullable Example withheld;
  private int steps;

  SubscriptionSearch(ClientAccess access, Subscription subscription) {
    this.access = access;
    this.subscription = subscription;
    this.filter = TopicPattern.of(subscription.filter()).levels();
  }

  Reach reach() {
    var relevant =
        access.grants().stream()
            .filter(grant -> grant.isDeny() || grant.allows().contains(Access.SUBSCRIBE))
            .map(grant -> grant.covers().levels())
            .toList();
    // Mosquitto keeps $SYS in a tree of its own, where it looks for no group (subs.c).
    if (subscription.group().isEmpty() || !subscription.filter().startsWith("$")) {
      below(List.of(), relevant);
    }
    return new Reach(
        Optional.ofNullable(delivered), Optional.ofNullable(withheld), steps <= MOST_STEPS);
  }

  /**
   * All topics that begin with these names; {@code alive}: the rules that may cover some of them.
   */
  private void below(List<String> names, List<List<Level>> alive) {
    if ((delivered != null && withheld != null) || ++steps > MOST_STEPS) {
      return;
    }
    int depth = names.size();
    if (mayEndAt(depth)) {
      look(String.join("/", names));
    }
    if (!goesOn(filter, depth) || depth > longest(alive)) {
      return;
    }
    for (String name : namesAt(depth, alive)) {
      var longer = new ArrayList<>(names);
      longer.add(name);
      below(longer, alive.stream().filter(levels -> permits(levels, depth, name)).toList());
    }
  }

  private boolean mayEndAt(int depth) {
    return depth == filter.size() || (endsInRest(filter) && depth >= filter.size() - 1);
  }

  private void look(String topic) {
    if (TopicName.problem(topic).isPresent()) {
      return;
    }
    var example = new Example(topic, access.receive(topic));
    if (example.decision().isAllowed()) {
      delivered = delivered == null ? example : delivered;
    } else {
      withheld = withheld == null ? example : withheld;
    }
  }

  /** Beyond it nothing tells topics apart any more: every rule has ended, or in {@code #}. */
  private int longest(List<List<Level>> alive) {
    return Math.max(filter.size(), alive.stream().mapToInt(List::size).max().orElse(0));
  }

  /** Each name that a rule tells apart, and one that none does. */
  private Set<String> namesAt(int depth, List<List<Level>> alive) {
    if (depth < filter.size() && filter.get(depth) instanceof Level.Name only) {
      return Set.of(only.text());
    }
    var names = new LinkedHashSet<String>();
    for (var levels : alive) {
      if (depth < levels.size()
          && levels.get(depth) instanceof Level.Name name
          && !(depth == 0 && name.text().startsWith("$"))) {
        names.add(name.text());
      }
    }
    int number = 1;
    while (names.contains("any" + number)) {
      number++;
    }
    names.add("any" + number);
    return names;
  }

  private static boolean permits(List<Level> levels, int depth, String name) {
    if (!goesOn(levels, depth)
        || (depth == 0 && name.startsWith("$") && !(levels.getFirst() instanceof Level.Name))) {
      return false;
    }
    return depth >= levels.size() || TopicPattern.permits(levels.get(depth), name);
  }

  /** Whether topics of more levels than this can be covered. */
  private static boolean goesOn(List<Level> levels, int depth) {
    return depth < levels.size() || endsInRest(levels);
  }

  private static boolean endsInRest(List<Level> levels) {
    return levels.getLast() instanceof Level.Rest;
  }
}
