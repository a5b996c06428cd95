package io.mqttoperator.operator.broker;

/** The keys of a broker's Secrets; those of a revision are in {@code RevisionFiles}. */
final class SecretKeys {

  static final String CERTIFICATE = "tls.crt";
  static final String KEY = "tls.key";
  static final String TRUST = "ca.crt";
  static final String TRUST_KEY = "ca.key";
  static final String ACCOUNT = "account";
  static final String SALT = "salt";

  /** A line for each client certificate, compressed. */
  static final String LEDGER = "certificates.gz";

  /** In hex; of a user's Secret. */
  static final String PRE_SHARED_KEY = "psk";

  /** The names of users whose sessions are to end. */
  static final String ENDING = "ending";

  /** A user's key and certificates in one file. */
  static final String PKCS12 = "user.p12";

  static final String PKCS12_PASSWORD = "user.password";

  /** What makes the names of the bridges' accounts unguessable. */
  static final String BRIDGES = "bridges";

  /** Beside the generated authority: the one that the broker's owner brought. */
  static final String OWN_CERTIFICATE = "own.crt";

  static final String OWN_KEY = "own.key";
  static final String OWN_TRUST = "own-ca.crt";

  private SecretKeys() {}
}
