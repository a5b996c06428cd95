package io.mqttoperator.operator.mosquitto;

import java.util.Optional;

/** The names of a revision's files, and the placeholders that the supervisor fills in. */
public final class RevisionFiles {
  public static final String CONFIGURATION = "mosquitto.conf";
  public static final String ACL_HEAD = "acl-head";
  public static final String PASSWORD_HEAD = "password-head";
  public static final String REQUIREMENTS = "requirements";
  public static final String SERVER_CERTIFICATE = "server.crt";
  public static final String SERVER_KEY = "server.key";

  /** What signs for clients. */
  public static final String CLIENT_AUTHORITIES = "clients-ca.crt";

  /** A list for each of them. */
  public static final String CLIENT_REVOCATIONS = "clients.crl";

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

  /**
   * What the supervisor joins of all {@link #keyShard}s; there, and empty, where there are none.
   */
  public static final String KEYS = "psk";

  private RevisionFiles() {}

  /** Of a configuration that pods run with until it is their turn to take the newest. */
  public static String configuration(StartDigest earlier) {
    return CONFIGURATION + "-" + earlier.hex();
  }

  /** What that one needs. */
  public static String requirements(StartDigest earlier) {
    return REQUIREMENTS + "-" + earlier.hex();
  }

  /** The chain of a listener's own server certificate. */
  public static String listenerCertificate(String listener) {
    return "listener-" + listener + ".crt";
  }

  /** The listener whose own certificate a file is; empty for any other file. */
  public static Optional<String> listenerOfCertificate(String file) {
    return file.startsWith("listener-") && file.endsWith(".crt")
        ? Optional.of(file.substring("listener-".length(), file.length() - ".crt".length()))
        : Optional.empty();
  }

  /** Its key. */
  public static String listenerKey(String listener) {
    return "listener-" + listener + ".key";
  }

  public static String passwordShard(int index) {
    return "password-" + index;
  }

  /** Of pre-shared keys: there only where somebody has one. */
  public static String keyShard(int index) {
    return "psk-" + index;
  }

  public static String aclShard(int index) {
    return "acl-" + index;
  }
}
