package io.mqttoperator.operator.testing;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.mqttoperator.operator.kube.Labels;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A pod of a broker, with a real Mosquitto behind its address: the parts of the StatefulSet
 * controller, the kubelet and the container runtime. Its volume is what the StatefulSet's template
 * says, and is refreshed as soon as the pod's annotation changes, and else never: a real kubelet
 * does it once a minute.
 */
public final class ServingPod implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final AtomicInteger ADDRESSES = new AtomicInteger();

  private final KubernetesClient client;
  private final String namespace;
  private final String broker;
  private final int ordinal;
  private final String address = nextAddress();
  private final BrokerContainer container;
  private final List<String> annotations = new CopyOnWriteArrayList<>();
  private final SharedIndexInformer<Pod> kubelet;
  private boolean isHeldBack;

  private ServingPod(KubernetesClient client, String namespace, String broker, int ordinal) {
    this.client = client;
    this.namespace = namespace;
    this.broker = broker;
    this.ordinal = ordinal;
    container = new BrokerContainer(name(), address);
    kubelet =
        client
            .pods()
            .inNamespace(namespace)
            .withName(name())
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Pod pod) {
                    annotated(pod);
                  }

                  @Override
                  public void onUpdate(Pod before, Pod after) {
                    annotated(after);
                  }

                  @Override
                  public void onDelete(Pod pod, boolean unseen) {}
                });
  }

  /** Returns when it serves, and its status says so. */
  static ServingPod start(KubernetesClient client, String namespace, String broker, int ordinal) {
    var pod = new ServingPod(client, namespace, broker, ordinal);
    try {
      pod.create();
      pod.mount();
      pod.container.awaitReady();
      pod.run();
      return pod;
    } catch (RuntimeException failed) {
      pod.close();
      throw failed;
    }
  }

  /** Containers start when all volumes are there, though perhaps of two revisions. */
  private void mount() {
    Awaitility.await("the volume of " + name())
        .atMost(BOUND)
        .ignoreExceptions()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              refresh();
              return true;
            });
  }

  /** Of its own for each pod of each JVM: the operator's port is the same on all. */
  private static String nextAddress() {
    var pid = ProcessHandle.current().pid();
    return "127.%d.%d.%d"
        .formatted(1 + pid / 250 % 250, pid % 250, 1 + ADDRESSES.getAndIncrement() % 250);
  }

  private String name() {
    return broker + "-" + ordinal;
  }

  /** The pod's IP address. */
  public String address() {
    return address;
  }

  /** What its annotation was set to, in order. */
  public List<String> annotations() {
    return List.copyOf(annotations);
  }

  /** A file of the revision that Mosquitto was told to read last. */
  public String file(String name) {
    return container.file(name);
  }

  /** What the supervisor and Mosquitto have logged. */
  public String log() {
    return container.log();
  }

  /** The PID of Mosquitto: another one after another start. */
  public String mosquitto() {
    return container.mosquitto();
  }

  /** The volume stays as it is: the pod answers, and enforces what it did. */
  public synchronized void holdBack() {
    isHeldBack = true;
  }

  /** The volume becomes what it should be, now and whenever the annotation changes. */
  public synchronized void catchUp() {
    isHeldBack = false;
    refresh();
  }

  /** The kubelet has not told yet that the container runs again: it does, and answers. */
  public void isSaidNotToRun() {
    client
        .pods()
        .inNamespace(namespace)
        .withName(name())
        .editStatus(
            pod ->
                new PodBuilder(pod)
                    .editStatus()
                    .editFirstContainerStatus()
                    .withReady(false)
                    .withNewState()
                    .withNewWaiting()
                    .withReason("CrashLoopBackOff")
                    .endWaiting()
                    .endState()
                    .endContainerStatus()
                    .endStatus()
                    .build());
  }

  /** Nobody answers any more; clients stay connected. */
  public void fallSilent() {
    container.pause();
  }

  /** After {@link #fallSilent()}. */
  public void answerAgain() {
    container.resume();
  }

  private synchronized void annotated(Pod pod) {
    var value =
        Optional.ofNullable(pod.getMetadata().getAnnotations())
            .orElse(Map.of())
            .getOrDefault(Labels.REVISION, "");
    if (value.isEmpty() || (!annotations.isEmpty() && annotations.getLast().equals(value))) {
      return;
    }
    annotations.add(value);
    if (!isHeldBack) {
      refresh();
    }
  }

  private synchronized void refresh() {
    var files = new HashMap<String, byte[]>();
    for (var volume : statefulSet().getSpec().getTemplate().getSpec().getVolumes()) {
      if (volume.getProjected() != null) {
        volume.getProjected().getSources().forEach(source -> add(source.getSecret(), files));
      }
    }
    container.project(files);
  }

  private void add(SecretProjection source, Map<String, byte[]> files) {
    var secret =
        client.resources(Secret.class).inNamespace(namespace).withName(source.getName()).get();
    if (secret == null && Boolean.TRUE.equals(source.getOptional())) {
      return;
    }
    if (secret == null) {
      throw new IllegalStateException("pod " + name() + " mounts Secret " + source.getName());
    }
    var paths = new HashMap<String, String>();
    source.getItems().forEach(item -> paths.put(item.getKey(), item.getPath()));
    secret
        .getData()
        .forEach(
            (key, value) -> {
              if (paths.isEmpty() || paths.containsKey(key)) {
                files.put(paths.getOrDefault(key, key), Base64.getDecoder().decode(value));
              }
            });
  }

  private StatefulSet statefulSet() {
    return client.resources(StatefulSet.class).inNamespace(namespace).withName(broker).require();
  }

  private void create() {
    var owner = statefulSet();
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name())
                .withLabels(owner.getSpec().getTemplate().getMetadata().getLabels())
                .addNewOwnerReference()
                .withApiVersion("apps/v1")
                .withKind("StatefulSet")
                .withName(broker)
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(0L)
                .addNewContainer()
                .withName("mosquitto")
                .withImage("x")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  /** The operator writes its annotation meanwhile: an edit may come too late. */
  private void run() {
    Awaitility.await().atMost(BOUND).ignoreExceptions().until(() -> editStatus() != null);
  }

  private Pod editStatus() {
    return client
        .pods()
        .inNamespace(namespace)
        .withName(name())
        .editStatus(
            pod ->
                new PodBuilder(pod)
                    .editOrNewStatus()
                    .withPhase("Running")
                    .withPodIP(address)
                    .addNewContainerStatus()
                    .withName("mosquitto")
                    .withReady(true)
                    .withRestartCount(0)
                    .withImage("x")
                    .withImageID("x")
                    .withContainerID("containerd://1")
                    .withNewState()
                    .withNewRunning()
                    .endRunning()
                    .endState()
                    .endContainerStatus()
                    .endStatus()
                    .build());
  }

  @Override
  public void close() {
    kubelet.close();
    container.close();
  }
}
