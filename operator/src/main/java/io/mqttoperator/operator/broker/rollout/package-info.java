/**
 * From pod to pod: telling each of its files, asking what it enforces, and how far a change that
 * disconnects clients may go.
 *
 * <p>{@code PodPass} has the order, {@code RevisionProof} the questions.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.rollout;
