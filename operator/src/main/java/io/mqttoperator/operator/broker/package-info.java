/** A broker: what is asked, what is there, what must be written, and what its status says. */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker;
