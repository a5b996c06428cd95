package io.mqttoperator.e2e.upgrade;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.mqttoperator.e2e.Cluster;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Watches the pods of a namespace: which have had how many lives. */
final class Lives implements AutoCloseable {

  private final Map<String, Set<String>> lives = new ConcurrentHashMap<>();
  private final SharedIndexInformer<Pod> informer;

  Lives(Cluster cluster) {
    informer =
        cluster
            .client()
            .pods()
            .inNamespace(cluster.namespace())
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Pod pod) {
                    see(pod);
                  }

                  @Override
                  public void onUpdate(Pod before, Pod pod) {
                    see(pod);
                  }

                  @Override
                  public void onDelete(Pod pod, boolean isStateUnknown) {}
                });
  }

  /** A container that was restarted is another life, a pod that waits for its first is none yet. */
  private void see(Pod pod) {
    var restarts =
        pod.getStatus().getContainerStatuses().stream()
            .filter(container -> container.getRestartCount() > 0)
            .map(container -> container.getName() + "=" + container.getRestartCount())
            .sorted()
            .collect(Collectors.joining(" "));
    var seen = lives.computeIfAbsent(pod.getMetadata().getName(), name -> new TreeSet<>());
    synchronized (seen) {
      seen.add((pod.getMetadata().getUid() + " " + restarts).strip());
    }
  }

  /** Of the pods of a broker's StatefulSet, by their names. */
  Map<String, Set<String>> of(String broker) {
    var found = new TreeMap<String, Set<String>>();
    lives.forEach(
        (pod, seen) -> {
          if (pod.matches(broker + "-[0-9]+")) {
            synchronized (seen) {
              found.put(pod, new TreeSet<>(seen));
            }
          }
        });
    return found;
  }

  @Override
  public void close() {
    informer.close();
  }
}
