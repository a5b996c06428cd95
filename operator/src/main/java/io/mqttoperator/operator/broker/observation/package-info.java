/**
 * What is there: a broker's objects, pods, users and Secrets as the caches have them at the begin
 * of a pass; a Secret that is referred to and not labelled is asked for. Nothing here writes.
 *
 * <p>{@code BrokerObserver} and {@code UserObserver} read, {@code BrokerObservation} is what they
 * found.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.observation;
