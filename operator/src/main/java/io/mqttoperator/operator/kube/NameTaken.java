package io.mqttoperator.operator.kube;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An object of somebody else's stands under a name that we need. It is never touched. */
public final class NameTaken extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Of any object.
   *
   * @param object kind and name, as in {@code Secret fleet-server}
   */
  public NameTaken(String object) {
    this(object, "Delete or rename it.");
  }

  private NameTaken(String object, String remedy) {
    super(object + " exists and does not belong to this resource; it was not touched. " + remedy);
  }

  /**
   * Of what may be what a broker left behind, without its labels: nobody is told to delete it. An
   * authority may be trusted by many clients, a volume holds their messages.
   *
   * @param labels it would bear, but for the one that says whose it is
   */
  public static NameTaken byWhatMayBeKept(
      String object, Map<String, String> labels, String broker) {
    var all = new TreeMap<>(labels);
    all.put(Labels.RETAINED_FOR, broker);
    return new NameTaken(
        object,
        "If it was kept for this broker, label it again, all of "
            + all.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(", "))
            + "; else give the broker another name.");
  }
}
