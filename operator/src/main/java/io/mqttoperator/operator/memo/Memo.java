package io.mqttoperator.operator.memo;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Results by key, each with the inputs that it was computed from. The caches give another object
 * for each version of a resource and never change one, so it is enough that an input is the very
 * same object; only numbers, texts and the like ({@link Comparable}) are compared by value.
 *
 * <p>What a round does not ask for is forgotten at its end, so nothing outlives what it is about.
 * For one thread at a time.
 */
public final class Memo<V> {

  private static final class Known<V> {
    final @Nullable Object[] inputs;
    final V value;

    Known(@Nullable Object[] inputs, V value) {
      this.inputs = inputs;
      this.value = value;
    }
  }

  private final boolean keepsEqual;
  private Map<String, Known<V>> known = new HashMap<>();

  private Memo(boolean keepsEqual) {
    this.keepsEqual = keepsEqual;
  }

  /** Where other inputs are another result, even an equal one: it stands for all its inputs. */
  public static <V> Memo<V> ofInputs() {
    return new Memo<>(false);
  }

  /**
   * Where a result that is equal to the one that was known is that one: so that what is computed
   * from it, in turn, need not be computed again. A result must hold all that is read of its
   * inputs.
   */
  public static <V> Memo<V> ofResults() {
    return new Memo<>(true);
  }

  /** Begins a round: one look at all keys that there are. */
  public Round round() {
    return new Round();
  }

  /** One look at all keys that there are; to be ended. */
  public final class Round {

    private final Map<String, Known<V>> next = HashMap.newHashMap(known.size() + 16);

    private Round() {}

    /** The result that is known, if it was computed from these very inputs. */
    public Optional<V> find(String key, @Nullable Object... inputs) {
      var before = known.get(key);
      if (before == null || !areSame(before.inputs, inputs)) {
        return Optional.empty();
      }
      next.put(key, before);
      return Optional.of(before.value);
    }

    /**
     * Remembers a result.
     *
     * @return the result to use
     */
    public V put(String key, V value, @Nullable Object... inputs) {
      var before = known.get(key);
      var kept = keepsEqual && before != null && before.value.equals(value) ? before.value : value;
      next.put(key, new Known<>(inputs, kept));
      return kept;
    }

    /** The result for these inputs, computed if it is not known. */
    public V of(String key, Supplier<V> compute, @Nullable Object... inputs) {
      return find(key, inputs).orElseGet(() -> put(key, compute.get(), inputs));
    }

    /** Forgets what was not asked for. */
    public void end() {
      known = next;
    }
  }

  /** How many results are known. */
  public int size() {
    return known.size();
  }

  @SuppressWarnings("ReferenceEquality") // another object is another version
  private static boolean areSame(@Nullable Object[] before, @Nullable Object[] now) {
    if (before.length != now.length) {
      return false;
    }
    for (int i = 0; i < now.length; i++) {
      if (before[i] != now[i] && !(now[i] instanceof Comparable && now[i].equals(before[i]))) {
        return false;
      }
    }
    return true;
  }
}
