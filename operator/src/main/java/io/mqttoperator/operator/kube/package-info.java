/** All that touches the Kubernetes API: caches, the work queue, drift, and the only writer. */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.kube;
