package io.mqttoperator.operator.broker.clients;

/** What is remembered between passes of a broker's users, their certificates and their keys. */
public final class ClientMemory {

  final DecidedUsers decided = new DecidedUsers();
  public final KeptUsers kept = new KeptUsers();
  public final CertificateMemory certificates = new CertificateMemory();
  public final ToldKeys keys = new ToldKeys();
}
