/** The program: settings, leader election, health, metrics, start and stop. */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.app;
