package io.mqttoperator.operator.broker;

import io.mqttoperator.api.MqttBrokerStatus.CertificateStatus;
import io.mqttoperator.operator.broker.CertificateRenewal.Renewed;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A broker's certificates, as its status lists them. Pure. */
final class CertificateStatuses {

  private CertificateStatuses() {}

  static List<CertificateStatus> of(BrokerSecrets secrets) {
    var statuses = new ArrayList<CertificateStatus>();
    statuses.add(status("authority", secrets.authority()));
    statuses.add(status("server", secrets.server()));
    secrets
        .own()
        .listeners()
        .forEach(
            (name, own) ->
                statuses.add(status("listener-" + name, Renewed.byItsMaker(own.pair()))));
    return List.copyOf(statuses);
  }

  private static CertificateStatus status(String name, Renewed certificate) {
    var pair = certificate.pair();
    return new CertificateStatus(
        name,
        pair.serialHex(),
        seconds(pair.notAfter()),
        certificate.isByItsMaker() ? null : seconds(certificate.renewAt()),
        "Current");
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
