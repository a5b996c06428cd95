package io.mqttoperator.cli.existing;

/**
 * Where something stands.
 *
 * @param line from 1; 0 for the file as a whole
 */
public record Place(String file, int line) {

  /** As {@code acl:12}. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line;
  }
}
