package io.mqttoperator.operator.broker.status;

import io.mqttoperator.api.MqttBrokerStatus.CertificateStatus;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.certificates.CertificateRenewal.Renewed;
import io.mqttoperator.operator.pki.Authorities;
import io.mqttoperator.operator.pki.AuthorityGeneration;
import io.mqttoperator.operator.pki.RolloverStage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** A broker's certificates, as its status lists them. Pure. */
final class CertificateStatuses {

  private static final String CURRENT = "Current";
  private static final String FORMER = "authority-former";

  private CertificateStatuses() {}

  static List<CertificateStatus> of(BrokerSecrets secrets) {
    var statuses = new ArrayList<CertificateStatus>();
    if (secrets.isGeneratedInUse()) {
      addAuthorities(statuses, secrets.authority(), secrets.generated().authorities());
    } else {
      statuses.add(status("authority", secrets.authority(), CURRENT));
    }
    var number =
        secrets.isGeneratedInUse() ? secrets.generated().authorities().formers().size() : 0;
    for (var former : secrets.formers().pairs()) {
      number++;
      statuses.add(status(former(number), Renewed.byItsMaker(former), "Former"));
    }
    statuses.add(status("server", secrets.server(), CURRENT));
    secrets
        .own()
        .listeners()
        .forEach(
            (name, own) ->
                statuses.add(status("listener-" + name, Renewed.byItsMaker(own.pair()), CURRENT)));
    return List.copyOf(statuses);
  }

  private static void addAuthorities(
      List<CertificateStatus> statuses, Renewed issuing, Authorities authorities) {
    statuses.add(status("authority", issuing, phase(authorities.stage())));
    authorities.next().ifPresent(next -> statuses.add(other("authority-next", next, "Next")));
    var number = 1;
    for (var former : authorities.formers()) {
      statuses.add(other(former(number), former.authority(), "Former"));
      number++;
    }
  }

  private static String former(int number) {
    return number == 1 ? FORMER : FORMER + "-" + number;
  }

  private static String phase(RolloverStage stage) {
    return switch (stage) {
      case CURRENT -> CURRENT;
      case TRUST -> "Trust";
      case ISSUE -> "Issue";
      case OBSERVE -> "Observe";
    };
  }

  /** One that issues nothing is not renewed. */
  private static CertificateStatus other(String name, AuthorityGeneration one, String phase) {
    return status(name, Renewed.byItsMaker(one.pair()), phase);
  }

  private static CertificateStatus status(String name, Renewed certificate, String phase) {
    var pair = certificate.pair();
    return new CertificateStatus(
        name,
        pair.serialHex(),
        seconds(pair.notAfter()),
        certificate.isByItsMaker() ? null : seconds(certificate.renewAt()),
        phase);
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
