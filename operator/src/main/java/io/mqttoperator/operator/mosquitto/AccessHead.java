package io.mqttoperator.operator.mosquitto;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * What comes before the shards: the lines for anonymous clients, the sections of the operator and
 * of the bridges, and a first password line.
 *
 * <p>Mosquitto gives the {@code topic} lines before any {@code user} line to anonymous clients. The
 * operator's account may publish to its revision's topic, which proves what a pod enforces, to that
 * of the configuration with which the pod's Mosquitto was started, and read {@code $SYS}; no user's
 * topic begins with {@code $mqtt-operator}. A bridge may carry all topics that do not begin with
 * {@code $} ({@code #} covers no other), and say that it is connected. The password line keeps the
 * file from being empty: without a password file a broker with an anonymous listener takes any
 * name.
 *
 * @param anonymous kept merged and sorted
 * @param bridges of distinct names, in the order of the file
 */
public record AccessHead(
    OperatorAccount account,
    List<AclEntry> anonymous,
    PasswordHash ofNobody,
    List<BridgeAccount> bridges) {
  /** Not a {@link Username}, so nobody can be called so. */
  static final String NOBODY = "$mqtt-operator-nobody";

  /** Followed by the revision's hex. */
  public static final String REVISION_TOPIC_PREFIX = "$mqtt-operator/revision/";

  /** Followed by a start digest. */
  public static final String START_TOPIC_PREFIX = "$mqtt-operator/start/";

  private static final String ACL_NAME = "The head of the ACL file";
  private static final String PASSWORD_NAME = "The head of the password file";
  private static final String USER = "user ";
  private static final int OPERATOR_LINES = 4;
  private static final int BRIDGE_LINES = 3;

  /**
   * @throws IllegalArgumentException if two bridges have one name
   */
  public AccessHead {
    anonymous = AclEntry.merged(anonymous);
    bridges = List.copyOf(bridges);
    if (new HashSet<>(bridges).size() < bridges.size()) {
      throw new IllegalArgumentException("Two bridges have one account");
    }
  }

  /** Without bridges. */
  public AccessHead(OperatorAccount account, List<AclEntry> anonymous, PasswordHash ofNobody) {
    this(account, anonymous, ofNobody, List.of());
  }

  /** The file {@code acl-head}. */
  public byte[] renderAcl() {
    var lines = new ArrayList<String>();
    anonymous.forEach(entry -> lines.add(entry.line()));
    lines.add(USER + account.value());
    lines.add("topic write " + REVISION_TOPIC_PREFIX + RevisionFiles.REVISION_PLACEHOLDER);
    lines.add("topic write " + START_TOPIC_PREFIX + RevisionFiles.START_PLACEHOLDER);
    lines.add("topic read $SYS/#");
    bridges.forEach(bridge -> lines.addAll(section(bridge)));
    return TextFile.render(lines);
  }

  private static List<String> section(BridgeAccount bridge) {
    return List.of(USER + bridge.value(), "topic readwrite #", "topic write " + stateTopic(bridge));
  }

  /**
   * The retained topic at both ends of a bridge: 1 while it is connected there, 0 (by its will)
   * when it is not, nothing since the broker's start before it connects.
   */
  public static String stateTopic(BridgeAccount bridge) {
    return "$SYS/broker/connection/" + bridge.value() + "/state";
  }

  /** The file {@code password-head}. */
  public byte[] renderPassword() {
    return TextFile.render(List.of(NOBODY + ":" + ofNobody.value()));
  }

  /**
   * Reads both files back.
   *
   * @throws IllegalArgumentException if the bytes are not what {@link #renderAcl} and {@link
   *     #renderPassword} write
   */
  public static AccessHead parse(byte[] acl, byte[] password) {
    var entries = new ArrayList<AclEntry>();
    List<String> lines = TextFile.parse(ACL_NAME, acl);
    int next = 0;
    while (next < lines.size() && !lines.get(next).startsWith(USER)) {
      entries.add(AclFile.entry(lines.get(next++)));
    }
    if (next == lines.size()) {
      throw new IllegalArgumentException(ACL_NAME + " has no section of the operator's account");
    }
    var account = new OperatorAccount(lines.get(next).substring(USER.length()));
    var bridges = new ArrayList<BridgeAccount>();
    for (next += OPERATOR_LINES; next < lines.size(); next += BRIDGE_LINES) {
      String line = lines.get(next);
      bridges.add(new BridgeAccount(line.startsWith(USER) ? line.substring(USER.length()) : line));
    }
    List<String> passwords = TextFile.parse(PASSWORD_NAME, password);
    String prefix = NOBODY + ":";
    if (passwords.size() != 1 || !passwords.get(0).startsWith(prefix)) {
      throw new IllegalArgumentException(PASSWORD_NAME + " is not one line of " + NOBODY);
    }
    var hash = new PasswordHash(passwords.get(0).substring(prefix.length()));
    var head = new AccessHead(account, entries, hash, bridges);
    TextFile.requireCanonical(ACL_NAME, acl, head.renderAcl());
    TextFile.requireCanonical(PASSWORD_NAME, password, head.renderPassword());
    return head;
  }
}
