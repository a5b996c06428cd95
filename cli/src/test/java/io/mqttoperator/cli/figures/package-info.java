@NullMarked
package io.mqttoperator.cli.figures;

import org.jspecify.annotations.NullMarked;
