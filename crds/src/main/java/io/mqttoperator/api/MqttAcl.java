package io.mqttoperator.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** Who may publish and subscribe to which topics of a broker. */
@Group("mqttoperator.io")
@Version("v1alpha1")
@Singular("mqttacl")
@Plural("mqttacls")
@ShortNames("mqa")
public class MqttAcl extends CustomResource<MqttAclSpec, MqttAclStatus> implements Namespaced {}
