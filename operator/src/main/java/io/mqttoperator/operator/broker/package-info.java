/**
 * A broker: what is asked, what is there, what must be written, and what its status says.
 *
 * <p>{@link io.mqttoperator.operator.broker.BrokerReconciler} begins a pass, {@code BrokerPass} has
 * its order. What they use:
 *
 * <table>
 * <caption>Classes by what they are about</caption>
 * <tr><td>What is asked
 *     <td>{@code BrokerProfile}, {@code ListenerProfile}, {@code AskedOptions}, {@code
 *     CertificateSettings}, {@code UserCertificateSettings}, {@code ProfileWarnings}, {@code
 *     BrokerNames}
 * <tr><td>What is there
 *     <td>{@code BrokerObserver}, {@code UserObserver}, {@code PreSharedKeyObserver}, {@code
 *     OfferedSecrets}, {@code BrokerObservation}, {@code PodStates}, {@code StoredSecret}
 * <tr><td>What is remembered between passes (decision 20)
 *     <td>{@code BrokerMemory}, {@code DecidedUsers}, {@code KeptUsers}, {@code SaidStatuses}, {@code
 *     StoredShards}, {@code ProvenAccess}, {@code CertificateMemory}, {@code NameGrants}
 * <tr><td>The broker's CAs and certificates
 *     <td>{@code SecretKeeper}, {@code BrokerAuthority}, {@code Authority…}, {@code
 *     CertificateRenewal}, {@code InternalIdentityKeeper}; those that the owner brought: {@code
 *     Own…}
 * <tr><td>What clients show
 *     <td>{@code ClientPass}: {@code UserCertificates}, {@code CertificateRound}, {@code
 *     CertificateSupply}, {@code Revocations}, {@code ListedRevocations}, {@code
 *     ClientTrust}, {@code Delivery}; keys: {@code KeySessions}, {@code EndingNames}, {@code
 *     ToldKeys}; sessions that are to end: {@code SessionTakeover}, {@code NameMoves}, {@code
 *     Departures}
 * <tr><td>Users' Secrets
 *     <td>{@code UserSecrets}, {@code GeneratedCredentials}, {@code UserSecretBlueprint}
 * <tr><td>The files of a revision
 *     <td>{@code RevisionChoice}, {@code AccessFiles}, {@code AccessRenderer}, {@code RenderedHead},
 *     {@code PasswordHashes}, {@code ShardHashes}, {@code TenantFit}, {@code Starts}; written by
 *     {@code SecretPass}
 * <tr><td>Objects
 *     <td>{@code …Blueprint}, {@code WorkloadPass}, {@code ExposurePass}, {@code DataVolume}, {@code
 *     ImageApproval}, {@code ScaleDown}
 * <tr><td>Proof, and change from pod to pod
 *     <td>{@code PodPass}, {@code RevisionProof}, {@code RolloutPass}, {@code Rollout}, {@code Star}, {@code
 *     BridgeStates}, {@code OpeningListeners}
 * <tr><td>What is said
 *     <td>{@code StatusPass}, {@code BrokerStatusComposer}, {@code BrokerFindings}, {@code
 *     CertificateStatuses}, {@code WarningEvents}, {@code ChangeEffect}, {@code RefusedPass}
 * <tr><td>What would be, asked by {@code kubectl mqtt}
 *     <td>{@code BrokerForecast}, {@code ForecastFiles}
 * </table>
 */
@org.jspecify.annotations.NullMarked
package io.mqttoperator.operator.broker;
