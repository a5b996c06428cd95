/**
 * Measures how long changes take on a real cluster, and what they cost; for docs/performance.md.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.e2e.bench;
