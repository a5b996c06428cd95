/**
 * A broker: what is asked, what is there, what must be written, and what its status says.
 *
 * <p>{@link io.mqttoperator.operator.broker.BrokerReconciler} begins a pass, {@code BrokerPass} has
 * its order, {@code RefusedPass} what is done of it while the spec is refused; {@code BrokerMemory}
 * is what is remembered between passes (decision 20). The parts, each of which knows only those
 * before it:
 *
 * <ol>
 *   <li>{@code profile}: what is asked
 *   <li>{@code observation}: what is there
 *   <li>{@code certificates}: the broker's CAs and certificates, and whom it trusts
 *   <li>{@code revision}: the files that pods take
 *   <li>{@code objects}: how objects look, and writing them
 *   <li>{@code sessions}: which sessions are to end
 *   <li>{@code clients}: what clients show, and the Secrets in which they find it
 *   <li>{@code rollout}: telling and asking pods, one after the other where it disconnects
 *   <li>{@code status}: what is said
 *   <li>{@code forecast}: what would be decided, for {@code kubectl mqtt}
 * </ol>
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker;
