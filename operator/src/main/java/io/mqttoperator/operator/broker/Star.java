package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.kube.Drift;

/**
 * Names what the bridges have joined: as long as the name is the same, the brokers' sessions hold
 * the bridges' subscriptions. Another volume of the hub, or a database of its that was set aside,
 * gives another name, and the bridges subscribe anew. Pure.
 */
final class Star {

  private static final int DIGITS = 16;

  private Star() {}

  static String of(BrokerProfile profile, BrokerObservation seen) {
    var name = profile.names().dataClaim(0);
    var volume =
        profile.isEphemeral()
            ? seen.hub().map(pod -> pod.getMetadata().getUid())
            : seen.claims().stream()
                .filter(claim -> name.equals(claim.getMetadata().getName()))
                .map(claim -> claim.getMetadata().getUid())
                .findFirst();
    var loss = seen.hub().flatMap(DatabaseReport::of).orElse("");
    return Drift.sha256(volume.orElse("") + loss).substring(0, DIGITS);
  }
}
