/**
 * Real faults on the cluster, and a real Prometheus with the chart's rules that scrapes the
 * operator: each fault makes its alert fire, and no other. {@code e2e/alerts} starts it.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.e2e.alerts;
