package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.AccessPlanner;
import io.mqttoperator.operator.broker.clients.ClientMemory;
import io.mqttoperator.operator.broker.objects.StoredShards;
import io.mqttoperator.operator.broker.revision.AccessRenderer;
import io.mqttoperator.operator.broker.rollout.PodMemory;
import io.mqttoperator.operator.broker.status.ProvenAccess;
import io.mqttoperator.operator.broker.status.SaidStatuses;
import io.mqttoperator.operator.pki.AuthorityProof;

/**
 * What the operator remembers of one broker between passes. All of it can be lost: a new operator
 * proves what there is before it says anything else.
 */
final class BrokerMemory {

  final ClientMemory clients = new ClientMemory();
  final AccessPlanner planner = new AccessPlanner();
  final AccessRenderer renderer = new AccessRenderer();
  final ProvenAccess access = new ProvenAccess();
  final StoredShards shards = new StoredShards();
  final SaidStatuses said = new SaidStatuses();
  final PodMemory pods = new PodMemory();

  private AuthorityProof authorities = AuthorityProof.NONE;

  /** The broker's UID: one made again under its name is another, and nothing is proven of it. */
  final String uid;

  BrokerMemory(String uid) {
    this.uid = uid;
  }

  void proven(AccessPlan plan) {
    pods.answered();
    access.set(plan);
  }

  /** What was seen of the authorities in the pass before; it counts once. */
  AuthorityProof authorities() {
    var proof = authorities;
    authorities = AuthorityProof.NONE;
    return proof;
  }

  /** Every running pod has this, as it was stored. */
  AuthorityProof seen(AuthorityProof proof) {
    authorities = proof;
    return proof;
  }
}
