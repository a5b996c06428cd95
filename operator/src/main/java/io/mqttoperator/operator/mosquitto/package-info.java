/** The file formats of Mosquitto 2.1.2, and the revision that binds a set of files together. */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.mosquitto;
