package io.mqttoperator.e2e.outage;

import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * Something that is done to a broker.
 *
 * @param isSlow whether it takes so long that it is repeated less often
 */
record Change(String name, Expectation expectation, boolean isSlow, Action action) {

  /** Does it. */
  interface Action {
    /**
     * Asks for it, and does not wait.
     *
     * @param repetition from 0
     * @return whether it is done, as the API tells it
     */
    BooleanSupplier take(BrokerUnderChange broker, int repetition) throws Exception;
  }

  static Change undisturbed(String name, Action action) {
    return new Change(name, Expectation.UNDISTURBED, false, action);
  }

  static Change awayOnce(String name, Action action) {
    return new Change(name, Expectation.AWAY_ONCE, false, action);
  }

  /** A field that a reload takes, or that no pod knows; the values in turn. */
  static Change reloaded(String path, Object... values) {
    return reloaded(path, repetition -> values[repetition % values.length]);
  }

  static Change reloaded(String path, IntFunction<Object> values) {
    return undisturbed(
        path,
        (broker, repetition) -> broker.change(spec -> spec.with(path, values.apply(repetition))));
  }

  /** A field that Mosquitto takes at its start only; the values in turn. */
  static Change restarted(String path, Object... values) {
    return new Change(
        path,
        Expectation.AWAY_ONCE,
        true,
        (broker, repetition) ->
            broker.change(spec -> spec.with(path, values[repetition % values.length])));
  }

  Change named(String other) {
    return new Change(other, expectation, isSlow, action);
  }

  /** Repeated as often as those that are quick. */
  Change often() {
    return new Change(name, expectation, false, action);
  }
}
