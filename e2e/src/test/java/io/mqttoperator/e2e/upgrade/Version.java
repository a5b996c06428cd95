package io.mqttoperator.e2e.upgrade;

import io.mqttoperator.e2e.Installation;

/**
 * A version of the operator.
 *
 * @param chart its folder
 * @param image with its tag, which the cluster's node has
 */
record Version(String chart, String image) {

  private static final String RELEASE = "mqtt-operator";
  private static final String LIMIT = "3m";

  /** As a user does; returns when it is the one that works. */
  void install(Installation operator) {
    var colon = image.lastIndexOf(':');
    operator.helm(
        "upgrade",
        "--install",
        RELEASE,
        chart,
        "--create-namespace",
        "--set",
        "image.repository=" + image.substring(0, colon),
        "--set-string",
        "image.tag=" + image.substring(colon + 1),
        "--wait",
        "--timeout",
        LIMIT);
    awaitLeader(operator);
  }

  /** To a revision of Helm's, 0 for the one before. */
  static void rollBack(Installation operator, int revision) {
    operator.helm("rollback", RELEASE, Integer.toString(revision), "--wait", "--timeout", LIMIT);
    awaitLeader(operator);
  }

  private static void awaitLeader(Installation operator) {
    operator.awaitRollout();
    operator.awaitLeader();
  }
}
