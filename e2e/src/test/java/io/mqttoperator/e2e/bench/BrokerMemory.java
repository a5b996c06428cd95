package io.mqttoperator.e2e.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.mqttoperator.e2e.Cluster;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a broker's pod takes, and what the operator has derived for it, in bytes.
 *
 * @param resident of the process Mosquitto
 * @param container what the kernel counts against the limit
 * @param peak the most it has counted
 */
record BrokerMemory(long resident, long container, long peak) {

  private static final String CONTAINER = "mosquitto";

  /** Of cgroup v2, else v1. A peak is told since Linux 5.19 in v2. */
  private static final String SCRIPT =
      """
      for p in /proc/[0-9]*; do
        read -r name <$p/comm
        [ "$name" != mosquitto ] || awk '/^VmRSS/ {print "resident", $2 * 1024}' $p/status
      done
      cd /sys/fs/cgroup
      echo container $(cat memory.current memory/memory.usage_in_bytes 2>/dev/null)
      echo peak $(cat memory.peak memory/memory.max_usage_in_bytes 2>/dev/null)
      """;

  static BrokerMemory of(Cluster cluster, String pod) {
    var said =
        cluster
            .kubectl()
            .run("exec", pod, "-c", CONTAINER, "--", "sh", "-c", SCRIPT)
            .orFail()
            .lines()
            .map(line -> List.of(line.split(" ", 2)))
            .collect(Collectors.toMap(List::getFirst, List::getLast));
    return new BrokerMemory(bytes(said, "resident"), bytes(said, "container"), bytes(said, "peak"));
  }

  /** 0 where the kernel does not tell. */
  private static long bytes(Map<String, String> said, String key) {
    var value = said.getOrDefault(key, "");
    return value.matches("[0-9]+") ? Long.parseLong(value) : 0;
  }

  static long request(Pod pod) {
    return bytes(pod.getSpec().getContainers().getFirst().getResources().getRequests());
  }

  static long limit(Pod pod) {
    return bytes(pod.getSpec().getContainers().getFirst().getResources().getLimits());
  }

  private static long bytes(Map<String, Quantity> resources) {
    return Quantity.getAmountInBytes(resources.get("memory")).longValueExact();
  }
}
