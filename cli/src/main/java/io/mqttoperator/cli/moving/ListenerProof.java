package io.mqttoperator.cli.moving;

import io.mqttoperator.cli.existing.ExistingListener;
import java.util.Optional;

/**
 * How clients of a listener prove who they are: the one place that says which {@code
 * authentication} becomes of which options.
 *
 * @param authentication as the schema has it
 * @param problem why it is not carried over; empty if it is
 */
record ListenerProof(String authentication, Optional<String> problem) {

  private static final String OF_ANOTHER_CA =
      "listeners that ask for a client certificate are not carried over: the clients' certificates"
          + " are of another CA. Add one with authentication Certificate, and spec.certificate to"
          + " its users";

  static ListenerProof of(ExistingListener listener, boolean letsInAnonymous) {
    if (listener.option("psk_hint").isPresent()) {
      return ofKeys(listener);
    }
    if (listener.isSet("use_subject_as_username")) {
      return new ListenerProof(
          "Certificate",
          Optional.of("a username is a certificate's common name, not its whole subject"));
    }
    if (listener.isSet("use_identity_as_username")) {
      return new ListenerProof("Certificate", Optional.of(OF_ANOTHER_CA));
    }
    if (listener.isSet("require_certificate")) {
      return new ListenerProof("CertificateAndPassword", Optional.of(OF_ANOTHER_CA));
    }
    return new ListenerProof(letsInAnonymous ? "Anonymous" : "Password", Optional.empty());
  }

  private static ListenerProof ofKeys(ExistingListener listener) {
    return new ListenerProof(
        "PreSharedKey",
        listener.isSet("use_identity_as_username")
            ? Optional.empty()
            : Optional.of(
                "without use_identity_as_username its clients gave a username besides the identity"
                    + " of their key, and here the identity is the username"));
  }

  boolean isAnonymous() {
    return authentication.equals("Anonymous");
  }

  boolean takesKeys() {
    return authentication.equals("PreSharedKey");
  }
}
