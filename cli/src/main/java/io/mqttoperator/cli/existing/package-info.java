/** The files of a Mosquitto that runs somewhere, read as Mosquitto reads them. */
@NullMarked
package io.mqttoperator.cli.existing;

import org.jspecify.annotations.NullMarked;
