/**
 * Users and ACLs: which of them are accepted, what is granted to whom, and what their status says.
 * Pure: it knows the API and Mosquitto's formats, and touches no cluster.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.access;
