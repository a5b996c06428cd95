/**
 * Certificates: authorities, the certificates they issue, revocation lists, and the decision when
 * to issue anew. Plain Java and Bouncy Castle (which is used nowhere else); knows no Kubernetes.
 * Every function gets its clock and its randomness from the caller.
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.pki;
