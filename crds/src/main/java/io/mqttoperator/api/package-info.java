/** The custom resources of {@code mqttoperator.io/v1alpha1}: what users write and read. */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.api;
