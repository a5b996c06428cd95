/**
 * The custom resources of {@code mqttoperator.io/v1alpha1}: what users write and read.
 *
 * <p>A record ignores fields that it does not know, and an enum reads a value that it does not know
 * as {@code UNKNOWN}: after a downgrade, an object made under a newer schema must not stop the
 * informers.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.api;
