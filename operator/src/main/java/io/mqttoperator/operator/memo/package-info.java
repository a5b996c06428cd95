/** Work that was done before, and need not be done again while what it was done on is the same. */
@NullMarked
package io.mqttoperator.operator.memo;

import org.jspecify.annotations.NullMarked;
