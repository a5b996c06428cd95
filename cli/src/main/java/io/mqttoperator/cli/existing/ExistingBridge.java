package io.mqttoperator.cli.existing;

/**
 * A connection to another broker.
 *
 * @param options how many lines say what it does
 */
public record ExistingBridge(Place place, String name, int options) {}
