@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator;
