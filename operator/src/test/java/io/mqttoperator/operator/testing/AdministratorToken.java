package io.mqttoperator.operator.testing;

import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;

/**
 * An account that may do everything and is known by a token. With the RSA certificate that
 * kube-api-test makes, each connection costs a signature: a fifth of the CPU time of tests that
 * start many operators.
 */
final class AdministratorToken {

  private static final String NAMESPACE = "default";
  private static final String NAME = "administrator";
  private static final Duration LIFETIME = Duration.ofHours(12);

  private AdministratorToken() {}

  /** The same server, with a token in place of the certificate. */
  static Config replaceCertificate(Config certified) {
    try (var client = new KubernetesClientBuilder().withConfig(certified).build()) {
      var account =
          client
              .resource(
                  new ServiceAccountBuilder()
                      .withNewMetadata()
                      .withNamespace(NAMESPACE)
                      .withName(NAME)
                      .endMetadata()
                      .build())
              .create();
      client
          .resource(
              new ClusterRoleBindingBuilder()
                  .withNewMetadata()
                  .withName(NAME)
                  .endMetadata()
                  .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "cluster-admin")
                  .addNewSubject("", "ServiceAccount", NAME, NAMESPACE)
                  .build())
          .create();
      var request =
          new TokenRequestBuilder()
              .withNewSpec()
              .withExpirationSeconds(LIFETIME.toSeconds())
              .endSpec()
              .build();
      var token = client.serviceAccounts().resource(account).tokenRequest(request);
      return new ConfigBuilder(certified)
          .withClientCertData(null)
          .withClientKeyData(null)
          .withOauthToken(token.getStatus().getToken())
          .build();
    }
  }
}
