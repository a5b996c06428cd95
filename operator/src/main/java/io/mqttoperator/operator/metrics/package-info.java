/**
 * What a monitoring system is told of brokers, their users and their pods. It reads what others
 * have found, and asks and writes nothing.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.metrics;
