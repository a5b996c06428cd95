package io.mqttoperator.operator.kube;

/** An object of somebody else's stands under a name that we need. It is never touched. */
public final class NameTaken extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String object;

  public NameTaken(String object) {
    super(
        object
            + " exists and does not belong to this resource; it was not touched. "
            + "Delete or rename it.");
    this.object = object;
  }

  /** Kind and name, as in {@code Secret fleet-ca}. */
  public String object() {
    return object;
  }
}
