/**
 * What a pass would decide and write, from manifests alone: {@code kubectl mqtt} tells it. No pass
 * asks.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.forecast;
