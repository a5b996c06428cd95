/**
 * Sessions that are to end: of users who are thrown out, renamed or gone.
 *
 * <p>{@code SessionTakeover} ends them on every pod, {@code Departures} lets go of who is gone,
 * ACLs too, {@code NameMoves} hands a name over.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.sessions;
