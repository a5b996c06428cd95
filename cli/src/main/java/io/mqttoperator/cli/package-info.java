/** {@code kubectl mqtt}: asks why, checks files, shows what a broker does. Writes to no cluster. */
@NullMarked
package io.mqttoperator.cli;

import org.jspecify.annotations.NullMarked;
