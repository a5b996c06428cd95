package io.mqttoperator.operator.access;

import io.mqttoperator.api.MqttUser;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What a user logs in with. */
public enum CredentialKind {
  PASSWORD,
  CERTIFICATE,
  PRE_SHARED_KEY;

  /** What a user's spec asks for: a password, unless there is something else. */
  public static Set<CredentialKind> of(MqttUser user) {
    var spec = user.getSpec();
    var held = EnumSet.noneOf(CredentialKind.class);
    if (spec.certificate() != null) {
      held.add(CERTIFICATE);
    }
    if (spec.preSharedKey() != null) {
      held.add(PRE_SHARED_KEY);
    }
    if (spec.password() != null || held.isEmpty()) {
      held.add(PASSWORD);
    }
    return Collections.unmodifiableSet(held);
  }

  /** Whether who holds these is let in there. */
  public static boolean open(Set<CredentialKind> held, ClientAuthentication listener) {
    return switch (listener) {
      case PASSWORD -> held.contains(PASSWORD);
      case CERTIFICATE -> held.contains(CERTIFICATE);
      case CERTIFICATE_AND_PASSWORD -> held.contains(PASSWORD) && held.contains(CERTIFICATE);
      case PRE_SHARED_KEY -> held.contains(PRE_SHARED_KEY);
      case ANONYMOUS -> false;
    };
  }
}
