/** What the operator's metrics tell of brokers. */
@NullMarked
package io.mqttoperator.cli.figures;

import org.jspecify.annotations.NullMarked;
