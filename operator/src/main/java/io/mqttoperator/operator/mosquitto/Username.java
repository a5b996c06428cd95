package io.mqttoperator.operator.mosquitto;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name a client logs in with: 1 to 128 of {@code A-Z a-z 0-9 . _ @ -}.
 *
 * <p>None of these characters means anything in a password line, an ACL line or a topic filter, so
 * a username is safe in all of them as it is. No name of the operator's own begins with one of
 * them.
 */
public record Username(String value) implements Comparable<Username> {
  /** What a username is, as a sentence. */
  public static final String FORM =
      "A username is 1 to 128 of the characters A-Z, a-z, 0-9, '.', '_', '@' and '-'";

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._@-]{1,128}");

  /**
   * @throws IllegalArgumentException if the value is not such a name
   */
  public Username {
    problem(value)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  /** Says, as a sentence, why a string is not such a name; empty if it is one. */
  public static Optional<String> problem(String value) {
    return ALLOWED.matcher(value).matches() ? Optional.empty() : Optional.of(FORM);
  }

  @Override
  public int compareTo(Username other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
