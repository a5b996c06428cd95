package io.mqttoperator.operator.broker.observation;

/** The keys of a broker's Secrets; those of a revision are in {@code RevisionFiles}. */
public final class SecretEntries {

  public static final String CERTIFICATE = "tls.crt";
  public static final String KEY = "tls.key";
  public static final String TRUST = "ca.crt";
  public static final String TRUST_KEY = "ca.key";
  public static final String ACCOUNT = "account";
  public static final String SALT = "salt";

  /** A line for each client certificate, compressed. */
  public static final String LEDGER = "certificates.gz";

  /** In hex; of a user's Secret. */
  public static final String PRE_SHARED_KEY = "psk";

  /** The names of users whose sessions are to end. */
  public static final String ENDING = "ending";

  /** A user's key and certificates in one file. */
  public static final String PKCS12 = "user.p12";

  public static final String PKCS12_PASSWORD = "user.password";

  /** What makes the names of the bridges' accounts unguessable. */
  public static final String BRIDGES = "bridges";

  /** Beside the generated authority: the one that the broker's owner brought. */
  public static final String OWN_CERTIFICATE = "own.crt";

  public static final String OWN_KEY = "own.key";
  public static final String OWN_TRUST = "own-ca.crt";

  private SecretEntries() {}
}
