package io.mqttoperator.operator.broker;

/** What is remembered between passes of a broker's users, their certificates and their keys. */
final class ClientMemory {

  final DecidedUsers decided = new DecidedUsers();
  final KeptUsers kept = new KeptUsers();
  final CertificateMemory certificates = new CertificateMemory();
  final ToldKeys keys = new ToldKeys();
}
