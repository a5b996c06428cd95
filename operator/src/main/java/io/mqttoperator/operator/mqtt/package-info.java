/**
 * The operator's lasting MQTT 5 connections to the broker pods, and the proof of a revision over
 * them.
 *
 * <p>Knows neither Kubernetes nor how certificates are made.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.mqtt;
