package io.mqttoperator.cli.check;

import io.mqttoperator.cli.source.ResourceId;
import java.util.List;
import java.util.Locale;

/**
 * What applying a manifest would do.
 *
 * @param fields of the spec that differ
 */
public record Change(ResourceId resource, Kind kind, List<String> fields) {

  /** Against what a cluster holds. */
  public enum Kind {
    CREATED,
    CHANGED,
    UNCHANGED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Change {
    fields = List.copyOf(fields);
  }

  @Override
  public String toString() {
    return resource + " " + kind + (fields.isEmpty() ? "" : ": " + String.join(", ", fields));
  }
}
