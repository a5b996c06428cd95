/** Puts another version of the operator in place of one, under brokers with clients at work. */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.e2e.upgrade;
