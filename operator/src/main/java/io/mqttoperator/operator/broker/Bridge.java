package io.mqttoperator.operator.broker;

import io.mqttoperator.operator.broker.CertificateRenewal.Renewed;
import io.mqttoperator.operator.mosquitto.BridgeAccount;

/** As whom the bridge of one pod connects to that pod's broker and to the hub's. */
record Bridge(int ordinal, BridgeAccount account, Renewed certificate) {}
