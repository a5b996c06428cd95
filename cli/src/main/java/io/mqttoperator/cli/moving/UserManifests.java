package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.operator.kube.Labels;
import java.util.List;

/** Users as MqttUsers, and the Secrets with the hashes of their passwords. */
final class UserManifests {

  private static final String KEY = "password";

  private final ResourceHeads heads;

  UserManifests(ResourceHeads heads) {
    this.heads = heads;
  }

  List<ObjectNode> users(List<MovedUser> users) {
    return users.stream().map(this::user).toList();
  }

  private ObjectNode user(MovedUser user) {
    var resource = heads.ours("MqttUser", user.name());
    var spec = heads.spec(resource);
    if (!user.username().equals(user.name())) {
      spec.put("username", user.username());
    }
    if (user.password().isPresent()) {
      spec.putObject("password")
          .putObject("secretRef")
          .put("name", user.secret())
          .put("format", "MosquittoHash");
    }
    return resource;
  }

  /** One for each, so that it can go with its user. */
  List<ObjectNode> secrets(List<MovedUser> users) {
    return users.stream().filter(user -> user.password().isPresent()).map(this::secret).toList();
  }

  private ObjectNode secret(MovedUser user) {
    var secret = heads.resource("v1", "Secret", user.secret());
    secret.withObject("/metadata").putObject("labels").put(Labels.CREDENTIALS, "true");
    user.password().ifPresent(hash -> secret.putObject("stringData").put(KEY, hash.value()));
    return secret;
  }
}
