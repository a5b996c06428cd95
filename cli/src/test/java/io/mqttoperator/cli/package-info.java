@NullMarked
package io.mqttoperator.cli;

import org.jspecify.annotations.NullMarked;
