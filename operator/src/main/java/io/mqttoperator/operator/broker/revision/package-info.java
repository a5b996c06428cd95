/**
 * The files of a revision: rendered, cut into shards, and chosen.
 *
 * <p>{@code RevisionChoice} decides between what is asked and what ran, {@code AccessRenderer}
 * renders no more than what changed.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.revision;
