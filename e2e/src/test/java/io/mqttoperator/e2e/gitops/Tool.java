package io.mqttoperator.e2e.gitops;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/** What keeps a cluster as Git says. */
interface Tool extends AutoCloseable {

  /** The example's file that tells it what to do in production. */
  String manifest();

  /** Waits until it says that a commit is applied and healthy; returns the first such version. */
  GenericKubernetesResource awaitApplied(String commit);

  @Override
  void close();
}
