package io.mqttoperator.cli.moving;

import io.mqttoperator.cli.existing.ExistingListener;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why a listener cannot be carried over without letting in somebody whom it kept out. */
final class ListenerGate {

  private static final Pattern LOOPBACK =
      Pattern.compile("127[.][0-9.]+|::1|\\[::1\\]|localhost|ip6-localhost");

  private ListenerGate() {}

  /**
   * Looks for a reason.
   *
   * @param isLocalOnly whether Mosquitto opens it to its own machine alone
   */
  static Optional<String> of(ExistingListener listener, ListenerProof proof, boolean isLocalOnly) {
    if (listener.port() == 0) {
      return Optional.of("it is a Unix socket, and a pod's clients come over the network");
    }
    if (isLocalOnly || listener.address().filter(ListenerGate::isLoopback).isPresent()) {
      return Optional.of(
          "only its own machine reaches it, and a pod's listener is reached from the cluster");
    }
    if (listener.option("protocol").filter(own -> own.word().equals("http_api")).isPresent()) {
      return Optional.of("the operator has no HTTP API of the broker; metrics are its own");
    }
    if (listener.option("mount_point").isPresent()) {
      return Optional.of(
          "its mount_point puts its clients' topics below one topic, and without it they would reach"
              + " all others");
    }
    if (listener.isSet("proxy_protocol_v2_require_tls")) {
      return Optional.of(
          "proxy_protocol_v2_require_tls keeps out clients that came to the proxy without TLS, and"
              + " the operator has no such option");
    }
    if (listener.option("enable_proxy_protocol").isPresent()
        && listener.option("certfile").isPresent()) {
      return Optional.of("Mosquitto 2.1.2 cannot speak TLS behind a PROXY header");
    }
    return proof.problem();
  }

  static boolean isLoopback(String address) {
    return LOOPBACK.matcher(address).matches();
  }
}
