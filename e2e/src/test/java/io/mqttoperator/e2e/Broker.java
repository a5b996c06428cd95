package io.mqttoperator.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;

/** A broker as its clients see it: Service, pods, the CA bundle, and users' Secrets. */
public record Broker(Cluster cluster, String name) {

  /** The listener that a broker without any in its spec has. */
  public static final int DEFAULT_PORT = 8883;

  /** The name by which in-cluster clients call it, and which its certificate must carry. */
  public String host() {
    return name + "." + cluster.namespace() + ".svc";
  }

  /** The Service's listener at {@code port}: nothing is looked up, the name is verified. */
  public InetSocketAddress service(int port) {
    var service = cluster.client().services().inNamespace(cluster.namespace()).withName(name).get();
    return awaitOpen(address(service.getSpec().getClusterIP(), port));
  }

  /** The node's rules for a Service follow the readiness of its pods after a moment. */
  private static InetSocketAddress awaitOpen(InetSocketAddress address) {
    Awaitility.await("the Service's rules for " + address)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              try (var socket = new Socket()) {
                socket.connect(address, 1000);
                return true;
              } catch (IOException closed) {
                return false;
              }
            });
    return address;
  }

  /** The listener of the first pod, past the Service. */
  InetSocketAddress pod(int port) {
    return address(onlyPod().getStatus().getPodIP(), port);
  }

  /** The listener of one of several pods, past the Service. */
  public InetSocketAddress pod(int ordinal, int port) {
    return address(member(ordinal).getStatus().getPodIP(), port);
  }

  Pod member(int ordinal) {
    return cluster
        .client()
        .pods()
        .inNamespace(cluster.namespace())
        .withName(name + "-" + ordinal)
        .require();
  }

  /** An address by which the broker's name is verified. */
  public InetSocketAddress address(String ip, int port) {
    try {
      var bytes = InetAddress.getByName(ip).getAddress();
      return new InetSocketAddress(InetAddress.getByAddress(host(), bytes), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("not an address: " + ip, e);
    }
  }

  public List<Pod> pods() {
    return cluster.brokerPods().stream()
        .filter(pod -> name.equals(pod.getMetadata().getLabels().get("app.kubernetes.io/instance")))
        .toList();
  }

  Pod onlyPod() {
    var pods = pods();
    if (pods.size() != 1) {
      throw new AssertionError("broker " + name + " has " + pods.size() + " pods, not one");
    }
    return pods.getFirst();
  }

  /** What tells a pod whose broker was restarted from one that was not. */
  Map<String, String> incarnation() {
    var pod = onlyPod();
    var container = pod.getStatus().getContainerStatuses().getFirst();
    return Map.of(
        "uid",
        pod.getMetadata().getUid(),
        "containerID",
        container.getContainerID(),
        "restarts",
        container.getRestartCount().toString());
  }

  /** What the ConfigMap for clients says to trust. */
  public TrustManagerFactory trust() {
    return trust(trustBundle());
  }

  public String trustBundle() {
    var trust =
        cluster
            .client()
            .configMaps()
            .inNamespace(cluster.namespace())
            .withName(name + "-trust")
            .get();
    return Objects.requireNonNull(trust.getData().get("ca.crt"), "ca.crt");
  }

  public static TrustManagerFactory trust(String pem) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      var bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
      for (Certificate ca : CertificateFactory.getInstance("X.509").generateCertificates(bytes)) {
        store.setCertificateEntry("ca-" + store.size(), ca);
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalArgumentException("not a bundle of certificates", e);
    }
  }

  /** The credentials in the Secret of MqttUser {@code user}, of the name that is the default. */
  public Login login(String user) {
    return Login.of(cluster.secret(user + "-mqtt"));
  }

  /** A client of MqttUser {@code user} at the default listener, by the Service. */
  public Client client(String user) {
    return Client.at(service(DEFAULT_PORT), trust()).login(login(user));
  }
}
