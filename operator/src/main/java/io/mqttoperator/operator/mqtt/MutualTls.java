package io.mqttoperator.operator.mqtt;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.PBEParameterSpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS with a client certificate, from keys that exist in memory alone. */
final class MutualTls {

  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /**
   * What the JDK's PKCS12 store uses; it never leaves memory, so 10,000 iterations would only cost
   * time.
   */
  private static final String PROTECTION = "PBEWithHmacSHA256AndAES_256";

  private MutualTls() {}

  /**
   * The settings for one identity. Without a hostname verifier the library turns on the JDK's own
   * check of the server's name, which fails the handshake before our certificate is sent.
   *
   * @throws IllegalArgumentException if key and certificates do not go together
   */
  static MqttClientSslConfig of(OperatorIdentity identity, Duration handshakeLimit) {
    try {
      return MqttClientSslConfig.builder()
          .keyManagerFactory(keys(identity))
          .trustManagerFactory(trust(identity.trust()))
          .protocols(PROTOCOLS)
          .handshakeTimeout(handshakeLimit.toMillis(), TimeUnit.MILLISECONDS)
          .build();
    } catch (GeneralSecurityException | IOException e) {
      // The cause's message may quote what it was given, so only its kind is passed on.
      throw new IllegalArgumentException(
          "identity " + identity.account() + " is not usable: " + e.getClass().getSimpleName());
    }
  }

  private static KeyManagerFactory keys(OperatorIdentity identity)
      throws GeneralSecurityException, IOException {
    char[] none = {};
    KeyStore store = emptyStore();
    store.setEntry(
        "identity",
        new KeyStore.PrivateKeyEntry(
            identity.key(), identity.chain().toArray(X509Certificate[]::new)),
        new KeyStore.PasswordProtection(none, PROTECTION, new PBEParameterSpec(new byte[16], 1)));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, none);
    return factory;
  }

  private static TrustManagerFactory trust(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
