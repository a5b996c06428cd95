/** What tests of several packages share: a real Mosquitto, and certificates for it. */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.testing;
