package io.mqttoperator.cli.figures;

import java.util.Comparator;

/** A broker's namespace and name. */
public record BrokerName(String namespace, String name) implements Comparable<BrokerName> {

  private static final Comparator<BrokerName> ORDER =
      Comparator.comparing(BrokerName::namespace).thenComparing(BrokerName::name);

  @Override
  public int compareTo(BrokerName other) {
    return ORDER.compare(this, other);
  }
}
