package io.mqttoperator.cli.moving;

import io.mqttoperator.cli.existing.Place;
import java.util.Comparator;
import java.util.Locale;

/**
 * Something of the existing broker that the resources do not say as it did.
 *
 * @param what an option, a user or a line; never a value that may be secret
 * @param why as a sentence without its end
 * @param instead what to do about it, as a sentence without its end; empty where nothing is to be
 *     done
 */
public record LeftOver(Fate fate, Place place, String what, String why, String instead) {

  /** What has become of it. */
  public enum Fate {
    /** It is gone: somebody may do less than before, or the broker does something less. */
    LEFT_OUT,
    /** It is there in another form. */
    CHANGED,
    /** The operator sees to it, or in a pod there is nothing of the kind. */
    NOT_NEEDED;

    /** As {@code left out}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  static final Comparator<LeftOver> ORDER =
      Comparator.comparing(LeftOver::fate)
          .thenComparing(leftOver -> leftOver.place().file())
          .thenComparingInt(leftOver -> leftOver.place().line())
          .thenComparing(LeftOver::what);

  @Override
  public String toString() {
    return "%s: %s: %s: %s.%s"
        .formatted(place, fate, what, why, instead.isEmpty() ? "" : " " + instead + ".");
  }
}
