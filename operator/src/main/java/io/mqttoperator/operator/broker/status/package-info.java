/**
 * What is said: status, conditions and events of a broker, its users and ACLs.
 *
 * <p>{@code BrokerFindings} is what a pass found, {@code StatusPass} writes what is new of it.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.status;
