package io.mqttoperator.operator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether an object must be written: its desired form is no longer the one last applied (so that
 * what we dropped goes too), or somebody changed a field that we set. What others add is theirs,
 * but for the data of Secrets and ConfigMaps and the fields that we set of a NetworkPolicy, which
 * are compared whole.
 */
public final class Drift {

  /** Sorted keys: the same object always gives the same digest. */
  private static final ObjectMapper JSON =
      new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  /**
   * By these, lists of Kubernetes objects are merged ({@code x-kubernetes-list-map-keys}), the
   * first that all elements have. Not by {@code port}: a Service's ports have names, and a
   * NetworkPolicy's are one whole, to which nobody may add.
   */
  private static final List<String> KEYS = List.of("name", "containerPort");

  private Drift() {}

  /** Marks {@code desired} with the digest of itself. To be called once, before it is compared. */
  static void stamp(HasMetadata desired) {
    var tree = (ObjectNode) JSON.valueToTree(desired);
    // A digest of a password would outlive it in places that show annotations.
    tree.remove(Set.of("data", "stringData", "binaryData", "status"));
    var digest = sha256(tree.toString());
    var annotations = new java.util.TreeMap<>(annotations(desired));
    annotations.put(Labels.APPLIED, digest);
    desired.getMetadata().setAnnotations(annotations);
  }

  /** Whether {@code actual} must be written to become {@code desired}, which is stamped. */
  static boolean between(HasMetadata desired, HasMetadata actual) {
    return isRestamped(desired, actual)
        || !dataOf(desired).equals(dataOf(actual))
        || (desired instanceof NetworkPolicy
            && !isSameSpec(tree(desired).path("spec"), tree(actual).path("spec")))
        || !covers(tree(actual), tree(desired));
  }

  private static JsonNode tree(HasMetadata object) {
    return JSON.valueToTree(object);
  }

  /** Whether what we want, apart from data, is another than what we applied last. */
  static boolean isRestamped(HasMetadata desired, HasMetadata actual) {
    return !Optional.ofNullable(annotations(desired).get(Labels.APPLIED))
        .equals(Optional.ofNullable(annotations(actual).get(Labels.APPLIED)));
  }

  /** Whether {@code actual} was last written as {@code desired}, which is not stamped yet. */
  public static boolean isWrittenAs(HasMetadata desired, HasMetadata actual) {
    stamp(desired);
    return !isRestamped(desired, actual);
  }

  /** Never null. */
  public static Map<String, String> annotations(HasMetadata object) {
    var annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  private static Map<String, String> dataOf(HasMetadata object) {
    return switch (object) {
      case Secret secret when secret.getData() != null -> secret.getData();
      case ConfigMap configMap when configMap.getData() != null -> configMap.getData();
      default -> Map.of();
    };
  }

  /**
   * In a NetworkPolicy more may be less, and less more: an empty selector selects all, and a rule
   * without peers lets in anybody. A list that is empty and one that is not there mean the same.
   */
  private static boolean isSameSpec(JsonNode desired, JsonNode actual) {
    return desired.properties().stream()
        .allMatch(field -> exactly(field.getValue()).equals(exactly(actual.path(field.getKey()))));
  }

  private static JsonNode exactly(JsonNode node) {
    node.forEach(Drift::exactly);
    if (node instanceof ObjectNode object) {
      object.properties().removeIf(field -> isEmptyList(field.getValue()));
    }
    return isEmptyList(node) ? MissingNode.getInstance() : node;
  }

  private static boolean isEmptyList(JsonNode node) {
    return node.isArray() && node.isEmpty();
  }

  private static boolean covers(JsonNode actual, JsonNode desired) {
    if (desired.isObject()) {
      return desired.properties().stream()
          .allMatch(
              field ->
                  isEmpty(field.getValue())
                      || (isEmptyText(field.getValue()) && !actual.has(field.getKey()))
                      || (actual.has(field.getKey())
                          && fieldCovers(
                              field.getKey(), actual.get(field.getKey()), field.getValue())));
    }
    if (desired.isArray()) {
      return actual.isArray() && listCovers(actual, desired);
    }
    return desired.equals(actual) || sameText(desired, actual) || sameQuantity(desired, actual);
  }

  /** The API server adds a Service's second family, where the cluster has it. */
  private static boolean fieldCovers(String name, JsonNode actual, JsonNode desired) {
    if (name.equals("ipFamilies") && actual.size() > desired.size()) {
      return actual.get(0).equals(desired.get(0));
    }
    return covers(actual, desired);
  }

  private static boolean isEmpty(JsonNode node) {
    return node.isNull() || (node.isContainerNode() && node.isEmpty());
  }

  /** The API server leaves out most texts that are empty. */
  private static boolean isEmptyText(JsonNode node) {
    return node.isTextual() && node.asText().isEmpty();
  }

  private static boolean listCovers(JsonNode actual, JsonNode desired) {
    var key = keyOf(desired);
    if (key.isEmpty()) {
      if (actual.size() != desired.size()) {
        return false;
      }
      for (int i = 0; i < desired.size(); i++) {
        if (!covers(actual.get(i), desired.get(i))) {
          return false;
        }
      }
      return true;
    }
    for (var element : desired) {
      var found = false;
      for (var candidate : actual) {
        found |=
            element.get(key.get()).equals(candidate.get(key.get())) && covers(candidate, element);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private static Optional<String> keyOf(JsonNode list) {
    return KEYS.stream()
        .filter(
            key -> {
              for (var element : list) {
                if (!element.isObject() || !element.has(key)) {
                  return false;
                }
              }
              return true;
            })
        .findFirst();
  }

  /** An {@code IntOrString} is a number here and a text there. */
  private static boolean sameText(JsonNode desired, JsonNode actual) {
    return desired.isValueNode()
        && actual.isValueNode()
        && desired.asText().equals(actual.asText());
  }

  /** The API server writes quantities its own way: {@code 1024Mi} becomes {@code 1Gi}. */
  private static boolean sameQuantity(JsonNode desired, JsonNode actual) {
    if (!desired.isTextual() || !actual.isTextual()) {
      return false;
    }
    try {
      return Quantity.getAmountInBytes(Quantity.parse(desired.asText()))
              .compareTo(Quantity.getAmountInBytes(Quantity.parse(actual.asText())))
          == 0;
    } catch (IllegalArgumentException notQuantities) {
      return false;
    }
  }

  /** Digest of a part of an object: the same for equal parts. */
  public static String digest(Object part) {
    return sha256(JSON.valueToTree(part).toString());
  }

  /** Lower-case hex of the SHA-256 of a text. */
  public static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
