package io.mqttoperator.operator.broker.profile;

import io.fabric8.kubernetes.api.model.Duration;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** A duration as a spec writes it, as {@code 2160h} or {@code 90m}. */
final class AskedDuration {

  private AskedDuration() {}

  /**
   * What is asked, or else the default.
   *
   * @throws IllegalArgumentException with a sentence, if it is no duration
   */
  static java.time.Duration of(@Nullable String asked, String otherwise) {
    var text = asked == null ? otherwise : asked;
    try {
      return Duration.parse(text).getDuration();
    } catch (ParseException unreadable) {
      throw new IllegalArgumentException(
          "\"%s\" is no duration such as 2160h or 90m.".formatted(text), unreadable);
    }
  }
}
