package io.mqttoperator.operator.broker.objects;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.certificates.SecretKeeper;
import io.mqttoperator.operator.broker.certificates.UnusableAuthority;
import io.mqttoperator.operator.broker.observation.BrokerObservation;
import io.mqttoperator.operator.broker.observation.Star;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.RevisionSecrets;
import io.mqttoperator.operator.kube.Applier;
import io.mqttoperator.operator.kube.EventRecorder;
import io.mqttoperator.operator.kube.Writes;
import io.mqttoperator.operator.pki.AuthorityProof;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;

/** Keeps what is secret: a broker's keys and certificates, and the files of its revision. */
public final class SecretPass {

  private final SecretKeeper keeper;
  private final Applier applier;
  private final Writes writes;
  private final EventRecorder events;

  public SecretPass(
      Applier applier, Writes writes, EventRecorder events, Clock clock, SecureRandom random) {
    this.keeper = new SecretKeeper(clock, random);
    this.applier = applier;
    this.writes = writes;
    this.events = events;
  }

  /**
   * Takes or makes all keys and certificates, and stores those that others trust.
   *
   * @param proof what was seen of the authorities before
   * @throws UnusableAuthority if the stored authority cannot be read
   */
  public BrokerSecrets keep(BrokerProfile profile, BrokerObservation seen, AuthorityProof proof)
      throws UnusableAuthority {
    var secrets = keeper.keep(profile, seen, proof);
    var blueprint = new SecretBlueprint(profile);
    apply(blueprint.operator(secrets), profile, seen);
    apply(blueprint.authority(secrets), profile, seen);
    secrets
        .generated()
        .news()
        .forEach(sentence -> events.normal(profile.broker(), "AuthorityRollover", sentence));
    apply(blueprint.trust(secrets), profile, seen);
    return secrets;
  }

  /**
   * Stores a revision: what the manifest names, in quick succession, and the manifest last.
   *
   * @param stored what is known of the shards that are there
   * @return the Secret that names the revision
   */
  public Secret write(
      BrokerProfile profile,
      BrokerSecrets secrets,
      RevisionSecrets files,
      BrokerObservation seen,
      StoredShards stored)
      throws InterruptedException {
    var blueprint = new SecretBlueprint(profile);
    apply(blueprint.server(secrets), profile, seen);
    apply(blueprint.internal(secrets), profile, seen);
    if (!secrets.internal().bridges().isEmpty()) {
      apply(blueprint.bridge(secrets, Star.name(profile, seen)), profile, seen);
    }
    writes.forEach(
        files.shards().entrySet(),
        shard -> writeShard(shard.getKey(), shard.getValue(), profile, seen, stored));
    var written = apply(blueprint.files(files), profile, seen);
    secrets
        .issued()
        .forEach(sentence -> events.normal(profile.broker(), "CertificateIssued", sentence));
    return written;
  }

  @SuppressWarnings("ReferenceEquality") // what was not written is what is there
  private Secret writeShard(
      int index,
      Map<String, byte[]> files,
      BrokerProfile profile,
      BrokerObservation seen,
      StoredShards stored) {
    var present = seen.secret(profile.names().shard(index)).secret();
    if (present != null && stored.isStored(index, files, present)) {
      return present;
    }
    var written = apply(new SecretBlueprint(profile).shard(index, files), profile, seen);
    if (written == present) {
      stored.add(index, files, written);
    }
    return written;
  }

  /**
   * Stores that the turn of a pod has come: of the same revision, so that no other pod loads it.
   *
   * @param written as the revision was stored
   */
  public void turn(BrokerProfile profile, RevisionSecrets files, Secret written) {
    applier.apply(new SecretBlueprint(profile).files(files), written, profile.broker());
  }

  private <T extends HasMetadata> T apply(
      T desired, BrokerProfile profile, BrokerObservation seen) {
    return applier.apply(desired, Existing.of(desired, seen), profile.broker());
  }
}
