package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.operator.kube.Labels;
import java.util.List;
import java.util.stream.Stream;

/** Users as MqttUsers, and the Secrets with the hashes of their passwords and with their keys. */
final class UserManifests {

  private static final String PASSWORD = "password";
  private static final String KEY = "psk";

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
    var password = user.password().map(any -> spec.putObject("password"));
    if (user.hash().isPresent()) {
      password.ifPresent(
          own ->
              own.putObject("secretRef").put("name", user.secret()).put("format", "MosquittoHash"));
    } else if (user.key().isEmpty()) {
      spec.remove("password");
    }
    var key = user.key().map(any -> spec.putObject("preSharedKey"));
    if (user.formerKey().isPresent()) {
      key.ifPresent(own -> own.putObject("secretRef").put("name", user.keySecret()));
    }
    return resource;
  }

  /** One for each credential, so that it can go with its user. */
  List<ObjectNode> secrets(List<MovedUser> users) {
    return users.stream().flatMap(this::secrets).toList();
  }

  private Stream<ObjectNode> secrets(MovedUser user) {
    return Stream.concat(
        user.hash().stream().map(hash -> secret(user.secret(), PASSWORD, hash.value())),
        user.formerKey().stream().map(key -> secret(user.keySecret(), KEY, key.hex())));
  }

  private ObjectNode secret(String name, String key, String value) {
    var secret = heads.resource("v1", "Secret", name);
    secret.withObject("/metadata").putObject("labels").put(Labels.CREDENTIALS, "true");
    secret.putObject("stringData").put(key, value);
    return secret;
  }
}
