package io.mqttoperator.cli.source;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.api.BrokerRef;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerSpec;
import io.mqttoperator.api.MqttUser;
import io.mqttoperator.api.UserPassword;
import io.mqttoperator.api.UserPreSharedKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a resource of a file has what the API server would have seen to. */
final class RequiredFields {

  private RequiredFields() {}

  static boolean areThere(HasMetadata resource) {
    return switch (resource) {
      case MqttUser user ->
          user.getSpec() != null
              && isThere(user.getSpec().brokerRef())
              && isNamed(user.getSpec().password())
              && isNamed(user.getSpec().preSharedKey());
      case MqttBroker broker ->
          broker.getSpec() == null
              || (haveListeners(broker.getSpec()) && haveTenants(broker.getSpec()));
      case MqttAcl acl ->
          acl.getSpec() != null
              && isThere(acl.getSpec().brokerRef())
              && areThere(acl.getSpec().subjects())
              && areThere(acl.getSpec().rules())
              && acl.getSpec().rules().stream().allMatch(rule -> areThere(rule.topics()));
      default -> true;
    };
  }

  private static boolean isNamed(@Nullable UserPassword password) {
    return password == null || password.secretRef() == null || password.secretRef().name() != null;
  }

  private static boolean isNamed(@Nullable UserPreSharedKey key) {
    return key == null || key.secretRef() == null || key.secretRef().name() != null;
  }

  private static boolean haveListeners(MqttBrokerSpec spec) {
    return spec.listeners() == null
        || spec.listeners().stream()
            .allMatch(
                listener -> listener != null && listener.name() != null && listener.port() != null);
  }

  private static boolean haveTenants(MqttBrokerSpec spec) {
    return spec.access() == null
        || spec.access().tenants() == null
        || spec.access().tenants().stream()
            .allMatch(tenant -> tenant != null && tenant.namespaceSelector() != null);
  }

  private static boolean isThere(@Nullable BrokerRef reference) {
    return reference != null && reference.name() != null;
  }

  private static boolean areThere(@Nullable List<?> elements) {
    return elements != null && elements.stream().allMatch(element -> element != null);
  }
}
