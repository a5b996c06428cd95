package io.mqttoperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** Rules, and whom they are for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MqttAclSpec(BrokerRef brokerRef, List<Subject> subjects, List<Rule> rules) {}
