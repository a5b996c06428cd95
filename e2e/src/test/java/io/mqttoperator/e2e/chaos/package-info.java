/**
 * Ends parts of a broker at random while users, rules and messages go on, and checks the promise:
 * nobody in who should not be, nobody out who should be in, nothing lost at QoS 1.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.e2e.chaos;
