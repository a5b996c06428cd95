package io.mqttoperator.cli.moving;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Names of MqttUsers, made of usernames: DNS names of at most 63 characters, each once. They depend
 * on the usernames alone and not on their order, so that an import that is repeated gives the same.
 */
final class ObjectNames {

  private static final int LONGEST = 63;
  private static final int DIGITS = 8;

  private ObjectNames() {}

  /** By username. */
  static Map<String, String> of(Collection<String> usernames) {
    var names = new HashMap<String, String>();
    var alike = usernames.stream().distinct().collect(Collectors.groupingBy(ObjectNames::dnsName));
    alike.forEach(
        (name, users) ->
            users.forEach(
                user -> names.put(user, isItsOwn(name, user, users) ? name : marked(user))));
    return names;
  }

  private static boolean isItsOwn(String name, String user, List<String> alike) {
    return alike.size() == 1 || name.equals(user);
  }

  private static String dnsName(String username) {
    var name =
        username
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.-]", "-")
            .replaceAll("-*[.][.-]*", ".")
            .replaceAll("^[.-]+|[.-]+$", "");
    return name.isEmpty() ? "user" : cut(name, LONGEST);
  }

  /** With some digits of its own. */
  private static String marked(String username) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(username.getBytes(StandardCharsets.UTF_8));
      return cut(dnsName(username), LONGEST - 1 - DIGITS)
          + "-"
          + HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String cut(String name, int most) {
    return name.length() <= most ? name : name.substring(0, most).replaceAll("[.-]+$", "");
  }
}
