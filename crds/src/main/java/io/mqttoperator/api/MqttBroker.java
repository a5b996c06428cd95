package io.mqttoperator.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A broker: its listeners, certificates, limits and storage. */
@Group("mqttoperator.io")
@Version("v1alpha1")
@Singular("mqttbroker")
@Plural("mqttbrokers")
@ShortNames("mqb")
public class MqttBroker extends CustomResource<MqttBrokerSpec, MqttBrokerStatus>
    implements Namespaced {}
