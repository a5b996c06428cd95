/**
 * What clients show, and the Secrets in which they find it: passwords, certificates, keys.
 *
 * <p>{@code ClientPass} issues, renews and revokes; {@code LedgerStore} keeps what it has issued
 * and revoked; {@code KeySessions} is about pre-shared keys; {@code UserSecrets} writes what users
 * read, and sets finalizers, of ACLs too.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.clients;
