/**
 * Measures what clients feel when something changes or fails; for docs/outages.md.
 *
 * <p>A {@code Change} is what is done, the {@code Fleet} are the clients, an {@code Outage} is what
 * was measured of one change, and the {@code OutageTable} shows all of them.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.e2e.outage;
