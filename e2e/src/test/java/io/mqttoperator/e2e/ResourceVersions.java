package io.mqttoperator.e2e;

import java.util.Map;
import java.util.TreeMap;

/** The versions of objects: each change of anything in an object, its status too, is another. */
public final class ResourceVersions {

  private ResourceVersions() {}

  /**
   * Those of a namespace.
   *
   * @param kinds as kubectl takes them, comma-separated
   */
  public static Map<String, String> of(Cluster cluster, String kinds) {
    var lines =
        cluster
            .kubectl()
            .run(
                "get",
                kinds,
                "-o",
                "jsonpath={range .items[*]}{.kind}/{.metadata.name}"
                    + " {.metadata.uid}:{.metadata.resourceVersion}{\"\\n\"}{end}")
            .orFail();
    var versions = new TreeMap<String, String>();
    lines
        .lines()
        .map(line -> line.split(" ", 2))
        .forEach(entry -> versions.put(entry[0], entry[1]));
    return versions;
  }
}
