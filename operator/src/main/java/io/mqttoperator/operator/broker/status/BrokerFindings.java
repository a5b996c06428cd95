package io.mqttoperator.operator.broker.status;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.mqttoperator.operator.access.Enforcement;
import io.mqttoperator.operator.broker.certificates.BrokerSecrets;
import io.mqttoperator.operator.broker.profile.BrokerProfile;
import io.mqttoperator.operator.broker.revision.AccessFiles;
import io.mqttoperator.operator.kube.Verdict;
import java.util.Map;
import java.util.Optional;

/**
 * All that a pass has found out about a broker, for its status.
 *
 * @param profile empty if the spec cannot be used
 * @param accepted the verdict for {@code Accepted}
 * @param certificates the verdict for {@code CertificatesReady}
 * @param bridges whether all pods exchange messages
 * @param proven the revision that each pod was seen to enforce, by the pod's name
 */
public record BrokerFindings(
    Optional<BrokerProfile> profile,
    Verdict accepted,
    Verdict certificates,
    Optional<BrokerSecrets> secrets,
    Optional<AccessFiles> files,
    int rules,
    Enforcement enforcement,
    Verdict bridges,
    Map<String, String> proven,
    Optional<StatefulSet> statefulSet) {}
