package io.mqttoperator.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One who may connect to a broker, with a credential of their own. */
@Group("mqttoperator.io")
@Version("v1alpha1")
@Singular("mqttuser")
@Plural("mqttusers")
@ShortNames("mqu")
public class MqttUser extends CustomResource<MqttUserSpec, MqttUserStatus> implements Namespaced {}
