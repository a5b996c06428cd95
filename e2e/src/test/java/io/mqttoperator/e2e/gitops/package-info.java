/**
 * Flux reconciles {@code examples/gitops} while a team changes it; {@code e2e/gitops/run} starts
 * it.
 *
 * <p>The team works in a {@code Repository} that holds the {@code Example}, {@code Flux} tells what
 * it made of each commit, a {@code Snapshot} what was true then, and {@code Doors} what clients
 * meet.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.e2e.gitops;
