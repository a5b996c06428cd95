/**
 * What clients show, and the Secrets in which they find it: passwords, certificates, keys.
 *
 * <p>{@code CredentialRules} decides on a user; {@code ClientPass} issues, renews and revokes;
 * {@code LedgerStore} keeps what it has issued and revoked; {@code KeySessions} is about pre-shared
 * keys; {@code Finalizers} holds users and ACLs; {@code UserSecrets} writes what users read.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.clients;
