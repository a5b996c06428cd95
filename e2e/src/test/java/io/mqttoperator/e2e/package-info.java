/**
 * Tests on a real cluster, with the operator installed, a real Mosquitto, and MQTT clients that are
 * not ours. They know the API's contract alone, and nothing of the operator's code.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.e2e;
