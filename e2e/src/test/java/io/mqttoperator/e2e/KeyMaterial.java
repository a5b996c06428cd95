package io.mqttoperator.e2e;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One key and its certificates, shown to every server: the JDK's own key manager shows none that
 * the server's list of authorities does not name, and the refusal is what is to be seen.
 */
public final class KeyMaterial extends X509ExtendedKeyManager {

  private static final String ALIAS = "it";

  private final PrivateKey key;
  private final X509Certificate[] chain;

  private KeyMaterial(String keyPem, String chainPem) {
    try {
      var der = Base64.getMimeDecoder().decode(keyPem.replaceAll("-----[A-Z ]+-----", ""));
      key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
      chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(chainPem.getBytes(StandardCharsets.US_ASCII)))
              .toArray(X509Certificate[]::new);
    } catch (GeneralSecurityException e) {
      // Its message might quote the key.
      throw new IllegalArgumentException("not an EC key in PKCS #8 with its certificates");
    }
  }

  /** From a Secret with {@code tls.key} and {@code tls.crt}. */
  static KeyManager of(Map<String, byte[]> secret) {
    return new KeyMaterial(Login.text(secret, "tls.key"), Login.text(secret, "tls.crt"));
  }

  /** The same for who takes factories. */
  public static KeyManagerFactory factory(Map<String, byte[]> secret) {
    return factory(of(secret));
  }

  static KeyManagerFactory factory(KeyManager manager) {
    var spi =
        new KeyManagerFactorySpi() {
          @Override
          protected void engineInit(KeyStore store, char[] password) {}

          @Override
          protected void engineInit(ManagerFactoryParameters parameters) {}

          @Override
          protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {manager};
          }
        };
    var provider = Security.getProviders()[0];
    return new KeyManagerFactory(spi, provider, "KeyMaterial") {};
  }

  /** A certificate that names whom it likes, signed by itself. */
  static KeyManager selfSigned(String commonName) throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("e2e");
    var key = folder.resolve("key.pem");
    var certificate = folder.resolve("certificate.pem");
    try {
      var ended =
          new ProcessBuilder(
                  List.of(
                      "openssl",
                      "req",
                      "-x509",
                      "-newkey",
                      "ec",
                      "-pkeyopt",
                      "ec_paramgen_curve:P-256",
                      "-nodes",
                      "-days",
                      "1",
                      "-subj",
                      "/CN=" + commonName,
                      "-keyout",
                      key.toString(),
                      "-out",
                      certificate.toString()))
              .redirectErrorStream(true)
              .redirectOutput(new File("/dev/null"))
              .start()
              .waitFor();
      if (ended != 0) {
        throw new IllegalStateException("openssl ended with " + ended);
      }
      return new KeyMaterial(Files.readString(key), Files.readString(certificate));
    } finally {
      Files.deleteIfExists(key);
      Files.deleteIfExists(certificate);
      Files.delete(folder);
    }
  }

  /** For tests of what the server checks, not the client. */
  static TrustManager[] trustingAnybody() {
    return new TrustManager[] {new Trusting()};
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return ALIAS;
  }

  @Override
  public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
    return ALIAS;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return Objects.requireNonNull(key);
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return new String[0];
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    throw new UnsupportedOperationException("for clients only");
  }

  private static final class Trusting extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
