/** What of an existing Mosquitto can be said by our resources, and what is left of it. */
@NullMarked
package io.mqttoperator.cli.moving;

import org.jspecify.annotations.NullMarked;
