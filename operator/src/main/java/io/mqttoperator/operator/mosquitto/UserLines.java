package io.mqttoperator.operator.mosquitto;

/**
 * One user's lines in all files; they are short to render, and long to keep.
 *
 * @param place of 32, which its name decides on
 * @param bytes of the lines together
 */
record UserLines(UserAccess user, int place, int bytes) {

  static UserLines of(UserAccess user) {
    return new UserLines(
        user,
        AccessShards.place(user.name()),
        password(user).length + key(user).length + acl(user).length);
  }

  int shard(int count) {
    return place * count / AccessShards.MAX_SHARDS;
  }

  byte[] password() {
    return password(user);
  }

  byte[] key() {
    return key(user);
  }

  byte[] acl() {
    return acl(user);
  }

  private static byte[] password(UserAccess user) {
    return TextFile.render(
        user.password().stream().map(hash -> PasswordFile.line(user.name(), hash)).toList());
  }

  private static byte[] key(UserAccess user) {
    return TextFile.render(
        user.key().stream().map(key -> PreSharedKeyFile.line(user.name(), key)).toList());
  }

  private static byte[] acl(UserAccess user) {
    return TextFile.render(AclFile.lines(user.name(), user.entries()));
  }

  @Override
  public String toString() {
    return "UserLines[" + user.name() + "]";
  }
}
