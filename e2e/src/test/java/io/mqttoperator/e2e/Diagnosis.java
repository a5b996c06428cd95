package io.mqttoperator.e2e;

import java.util.StringJoiner;

/** What the cluster knows about a namespace in which a test failed. No Secret is in it. */
public final class Diagnosis {

  private static final String LAST_LINES = "--tail=60";

  /** A node may have lost a pod without a word: then its log never comes. */
  private static final String PATIENCE = "--request-timeout=15s";

  private Diagnosis() {}

  public static String of(Cluster cluster, String test) {
    var kubectl = cluster.kubectl();
    var report = new StringJoiner("\n");
    report.add("==== " + test + " failed in namespace " + cluster.namespace());
    report.add("---- resources");
    report.add(text(kubectl.run("get", "mqb,mqu,mqa,sts,pods,pvc,svc", "-o", "wide")));
    report.add("---- conditions");
    report.add(
        text(
            kubectl.run(
                "get",
                "mqb,mqu,mqa",
                "-o",
                "jsonpath={range .items[*]}{.kind}/{.metadata.name}{\"\\n\"}"
                    + "{range .status.conditions[*]}    {.type}={.status} {.reason}: {.message}"
                    + "{\"\\n\"}{end}{end}")));
    report.add("---- events");
    report.add(text(kubectl.run("get", "events", "--sort-by=.metadata.creationTimestamp")));
    for (var pod : cluster.brokerPods()) {
      var name = pod.getMetadata().getName();
      report.add("---- log of pod " + name);
      report.add(text(kubectl.run("logs", name, LAST_LINES, PATIENCE)));
    }
    report.add("---- log of the operator");
    report.add(
        text(
            new Kubectl(cluster.kubeconfig(), Cluster.OPERATOR_NAMESPACE)
                .run("logs", "deploy/mqtt-operator", LAST_LINES, PATIENCE)));
    return report.toString();
  }

  private static String text(Kubectl.Result result) {
    return result.output() + result.errors();
  }
}
