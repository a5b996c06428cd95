/** What is asked of a broker: its spec, with the defaults and what follows from them. Pure. */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.profile;
