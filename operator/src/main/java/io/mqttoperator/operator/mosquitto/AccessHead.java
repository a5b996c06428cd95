package io.mqttoperator.operator.mosquitto;

import java.util.ArrayList;
import java.util.List;

/**
 * What comes before the shards: the lines for anonymous clients, the operator's own section, and a
 * first password line.
 *
 * <p>Mosquitto gives the {@code topic} lines before any {@code user} line to anonymous clients. The
 * operator's account may publish to its revision's topic, which proves what a pod enforces, and
 * read {@code $SYS}; no user's topic begins with {@code $mqtt-operator}. The password line keeps
 * the file from being empty: without a password file a broker with an anonymous listener takes any
 * name.
 *
 * @param anonymous kept merged and sorted
 */
public record AccessHead(OperatorAccount account, List<AclEntry> anonymous, PasswordHash ofNobody) {
  /** Not a {@link Username}, so nobody can be called so. */
  static final String NOBODY = "$mqtt-operator-nobody";

  /** Followed by the revision's hex. */
  public static final String REVISION_TOPIC_PREFIX = "$mqtt-operator/revision/";

  private static final String ACL_NAME = "The head of the ACL file";
  private static final String PASSWORD_NAME = "The head of the password file";
  private static final String USER = "user ";

  public AccessHead {
    anonymous = AclEntry.merged(anonymous);
  }

  /** The file {@code acl-head}. */
  public byte[] renderAcl() {
    var lines = new ArrayList<String>();
    anonymous.forEach(entry -> lines.add(entry.line()));
    lines.add(USER + account.value());
    lines.add("topic write " + REVISION_TOPIC_PREFIX + RevisionFiles.REVISION_PLACEHOLDER);
    lines.add("topic read $SYS/#");
    return TextFile.render(lines);
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
    List<String> passwords = TextFile.parse(PASSWORD_NAME, password);
    String prefix = NOBODY + ":";
    if (passwords.size() != 1 || !passwords.get(0).startsWith(prefix)) {
      throw new IllegalArgumentException(PASSWORD_NAME + " is not one line of " + NOBODY);
    }
    var hash = new PasswordHash(passwords.get(0).substring(prefix.length()));
    var head = new AccessHead(account, entries, hash);
    TextFile.requireCanonical(ACL_NAME, acl, head.renderAcl());
    TextFile.requireCanonical(PASSWORD_NAME, password, head.renderPassword());
    return head;
  }
}
