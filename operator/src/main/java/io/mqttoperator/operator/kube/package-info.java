/** The Kubernetes API: caches, the work queue, drift, conditions, and the only writer. */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.kube;
