package io.mqttoperator.operator.broker.certificates;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.operator.broker.Samples;
import io.mqttoperator.operator.broker.objects.SecretBlueprint;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.OfferedSecret;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Secrets that one pass has written and the next one finds.
 *
 * @param secrets of the authority, the server, the operator, the internal ones: so many of them
 */
record WrittenSecrets(List<Secret> secrets) {

  /** Before the first pass. */
  static final WrittenSecrets NONE = new WrittenSecrets(List.of());

  static WrittenSecrets written(BrokerProfile profile, BrokerSecrets secrets) {
    var blueprint = new SecretBlueprint(profile);
    return new WrittenSecrets(
        List.of(
            blueprint.authority(secrets),
            blueprint.server(secrets),
            blueprint.operator(secrets),
            blueprint.internal(secrets)));
  }

  /** Somebody has deleted the others. */
  WrittenSecrets authorityAlone() {
    return new WrittenSecrets(secrets.subList(0, 1));
  }

  /** What stands in the authority's under this key is no longer what was written. */
  WrittenSecrets withDamaged(String key) {
    var damaged = new ArrayList<>(secrets);
    damaged.set(
        0,
        new SecretBuilder(secrets.getFirst())
            .addToData(key, StoredSecret.encode(new byte[] {1}))
            .build());
    return new WrittenSecrets(damaged);
  }

  List<Map<String, String>> data() {
    return secrets.stream().map(Secret::getData).toList();
  }

  /** What the next pass sees, of a broker that does not run. */
  BrokerObservation seen() {
    return seen(Optional.empty(), new StoredSecret(null), Map.of());
  }

  /**
   * What the next pass sees.
   *
   * @param set of a broker that runs
   * @param files of the revision that it has
   * @param offered what the spec refers to, by its name
   */
  BrokerObservation seen(
      Optional<StatefulSet> set, StoredSecret files, Map<String, OfferedSecret> offered) {
    var nothing = Samples.nothing();
    return new BrokerObservation(
        nothing.key(),
        nothing.broker(),
        nothing.tenancy(),
        List.of(),
        List.of(),
        stored(0),
        stored(1),
        stored(2),
        stored(3),
        files,
        List.of(),
        Map.of(),
        set,
        List.of(),
        Optional.empty(),
        List.of(),
        offered);
  }

  private StoredSecret stored(int index) {
    return new StoredSecret(index < secrets.size() ? secrets.get(index) : null);
  }
}
