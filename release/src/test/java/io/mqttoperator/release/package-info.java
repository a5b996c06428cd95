/** Tests of what release/build has made. */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.release;
