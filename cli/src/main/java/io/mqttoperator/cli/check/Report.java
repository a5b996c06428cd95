package io.mqttoperator.cli.check;

/** How a result is written. */
public interface Report {

  /** The whole text. */
  String of(CheckResult result);

  /** The formats by name. */
  enum Format {
    TEXT,
    JSON,
    SARIF,
    JUNIT;

    public Report report() {
      return switch (this) {
        case TEXT -> new TextReport();
        case JSON -> new JsonReport();
        case SARIF -> new SarifReport();
        case JUNIT -> new JUnitReport();
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
