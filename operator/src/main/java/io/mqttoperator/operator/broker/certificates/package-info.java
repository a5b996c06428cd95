/**
 * The broker's CAs, server and internal certificates, and whom it trusts.
 *
 * <p>{@code SecretKeeper} has all of them renewed; {@code Own…} are those that the owner brought;
 * {@code ListedRevocations} and {@code ClientTrust} are what pods check clients against.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker.certificates;
