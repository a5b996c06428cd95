package io.mqttoperator.operator.access;

/** What a user or an ACL is to a broker, by its namespace. */
public sealed interface Standing {

  /** Of the broker's own namespace, or of a tenant's and within its quota. */
  record Member() implements Standing {}

  /** Of a tenant's namespace, which has {@code most} users that are older. */
  record OverQuota(int most) implements Standing {}

  /** Of a namespace that the broker takes nothing from. */
  record Outsider() implements Standing {}
}
