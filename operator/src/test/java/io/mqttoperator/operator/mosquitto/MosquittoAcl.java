package io.mqttoperator.operator.mosquitto;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads an ACL file by the rules of Mosquitto 2.1.2 (acl_parse.c): the other side's view. */
final class MosquittoAcl {
  static final String ANONYMOUS = "";
  private static final String C_SPACES = " \t\n\u000b\f\r";

  private MosquittoAcl() {}

  /** For each user the access word and filter of each line. */
  static Map<String, List<String>> read(String file) {
    var users = new LinkedHashMap<String, List<String>>();
    String user = ANONYMOUS;
    for (String raw : file.split("\n", -1)) {
      String line = trimEnd(raw.contains("\0") ? raw.substring(0, raw.indexOf('\0')) : raw);
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.replaceFirst("^ +", "").split(" +", 2);
      String rest = words.length > 1 ? words[1] : "";
      if (words[0].equals("user")) {
        user = trim(rest);
      } else if (words[0].equals("topic")) {
        String[] parts = rest.split(" +", 2);
        String access = parts.length > 1 ? parts[0] : "readwrite";
        String topic = parts.length > 1 ? trim(parts[1]) : parts[0];
        users.computeIfAbsent(user, name -> new ArrayList<>()).add(access + " " + topic);
      } else {
        throw new IllegalStateException("Mosquitto would not start: " + line);
      }
    }
    return users;
  }

  private static String trim(String text) {
    int start = 0;
    while (start < text.length() && C_SPACES.indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    return trimEnd(text.substring(start));
  }

  private static String trimEnd(String text) {
    int end = text.length();
    while (end > 0 && C_SPACES.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }
}
