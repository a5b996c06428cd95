package io.mqttoperator.operator.broker.certificates;

import io.mqttoperator.operator.broker.certificates.CertificateRenewal.Renewed;
import io.mqttoperator.operator.mosquitto.BridgeAccount;

/** As whom the bridge of one pod connects to that pod's broker and to the hub's. */
public record Bridge(int ordinal, BridgeAccount account, Renewed certificate) {}
