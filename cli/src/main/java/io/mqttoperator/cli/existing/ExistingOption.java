package io.mqttoperator.cli.existing;

/**
 * A line of {@code mosquitto.conf}.
 *
 * @param value all that follows the name; never to be shown, since it may be a password
 */
public record ExistingOption(Place place, String name, String value) {

  /** Up to the first space, as Mosquitto reads numbers and words. */
  public String word() {
    return SourceFile.Split.of(value).word();
  }

  /** As Mosquitto reads paths and names. */
  public String text() {
    return SourceFile.trim(value);
  }

  /**
   * Yes or no.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public boolean isTrue() {
    return switch (word()) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw refused("true or false");
    };
  }

  /**
   * A number, also in hexadecimal and octal digits, as C's {@code strtol} reads it.
   *
   * @throws IllegalArgumentException if it is none
   */
  public long number() {
    try {
      return Long.decode(word());
    } catch (NumberFormatException none) {
      throw refused("a number");
    }
  }

  /** That Mosquitto would not start with it. */
  public IllegalArgumentException refused(String expected) {
    return new IllegalArgumentException(
        "%s: Mosquitto does not start with this line: the value of %s has to be %s. Correct it,"
                .formatted(place, name, expected)
            + " and import again.");
  }

  @Override
  public String toString() {
    return name;
  }
}
