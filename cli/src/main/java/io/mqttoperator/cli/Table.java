package io.mqttoperator.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns as kubectl prints them: as wide as their widest, three spaces apart. */
final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... titles) {
    row(titles);
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column));
        if (column + 1 < row.size()) {
          line.append(" ".repeat(width(column) + 3 - row.get(column).length()));
        }
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
