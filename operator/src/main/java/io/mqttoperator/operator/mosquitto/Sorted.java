package io.mqttoperator.operator.mosquitto;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Maps that cannot change, in the natural order of their keys whatever order they came in. */
final class Sorted {
  private Sorted() {}

  static <K extends Comparable<K>, V> SortedMap<K, V> copyOf(Map<K, V> map) {
    var copy = new TreeMap<K, V>();
    copy.putAll(map);
    return Collections.unmodifiableSortedMap(copy);
  }
}
