package io.mqttoperator.operator.kube;

/** One condition's state, with why, before it is written anywhere. */
public record Verdict(State state, Reason reason, String message) {

  /** A condition's status. */
  public enum State {
    TRUE("True"),
    FALSE("False"),
    UNKNOWN("Unknown");

    private final String text;

    State(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  public static Verdict yes(Reason reason, String message) {
    return new Verdict(State.TRUE, reason, message);
  }

  public static Verdict no(Reason reason, String message) {
    return new Verdict(State.FALSE, reason, message);
  }

  public static Verdict unknown(Reason reason, String message) {
    return new Verdict(State.UNKNOWN, reason, message);
  }

  public boolean isTrue() {
    return state == State.TRUE;
  }

  public boolean isFalse() {
    return state == State.FALSE;
  }
}
