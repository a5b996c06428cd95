package io.mqttoperator.operator.mosquitto;

/** The names of a revision's files, and the placeholders that the supervisor fills in. */
public final class RevisionFiles {
  public static final String CONFIGURATION = "mosquitto.conf";
  public static final String ACL_HEAD = "acl-head";
  public static final String PASSWORD_HEAD = "password-head";
  public static final String REQUIREMENTS = "requirements";
  public static final String SERVER_CERTIFICATE = "server.crt";
  public static final String SERVER_KEY = "server.key";
  public static final String INTERNAL_AUTHORITY = "internal-ca.crt";
  public static final String INTERNAL_REVOCATIONS = "internal.crl";
  public static final String INTERNAL_CERTIFICATE = "internal.crt";
  public static final String INTERNAL_KEY = "internal.key";
  public static final String MANIFEST = "manifest";
  public static final String REVISION = "revision";

  /** In {@link #CONFIGURATION}: the folder in the pod that holds the revision. */
  public static final String DIRECTORY_PLACEHOLDER = "@DIRECTORY@";

  /** In {@link #ACL_HEAD}, on the line of the operator's account alone: the revision's hex. */
  public static final String REVISION_PLACEHOLDER = "@REVISION@";

  /** In {@link #ACL_HEAD}, there alone: the start digest of the configuration that runs. */
  public static final String START_PLACEHOLDER = "@START@";

  private RevisionFiles() {}

  /** Of a configuration that pods run with until it is their turn to take the newest. */
  public static String configuration(StartDigest earlier) {
    return CONFIGURATION + "-" + earlier.hex();
  }

  /** What that one needs. */
  public static String requirements(StartDigest earlier) {
    return REQUIREMENTS + "-" + earlier.hex();
  }

  public static String passwordShard(int index) {
    return "password-" + index;
  }

  public static String aclShard(int index) {
    return "acl-" + index;
  }
}
