/**
 * The Kubernetes objects of a broker: how they look ({@code …Blueprint}), and the parts of a pass
 * that write them ({@code …Pass}).
 *
 * <p>{@code DataVolume}, {@code ImageApproval} and {@code Partition} say when one of them may be
 * written.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.objects;
