package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.source.Manifest;
import java.util.Optional;

/**
 * The first lines of resources.
 *
 * @param namespace empty: that of whoever applies them
 * @param broker its name
 */
record ResourceHeads(Optional<String> namespace, String broker) {

  /** A resource of ours without its spec. */
  ObjectNode ours(String kind, String name) {
    return resource(Manifest.API_VERSION, kind, name);
  }

  ObjectNode resource(String apiVersion, String kind, String name) {
    var resource = JsonNodeFactory.instance.objectNode();
    resource.put("apiVersion", apiVersion).put("kind", kind);
    var metadata = resource.putObject("metadata").put("name", name);
    namespace.ifPresent(text -> metadata.put("namespace", text));
    return resource;
  }

  /** The spec of a user or an ACL, which begins with the broker. */
  ObjectNode spec(ObjectNode resource) {
    var spec = resource.putObject("spec");
    spec.putObject("brokerRef").put("name", broker);
    return spec;
  }
}
