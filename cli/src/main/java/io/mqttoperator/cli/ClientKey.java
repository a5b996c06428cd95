package io.mqttoperator.cli;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/** The key of a kubeconfig, which the client library takes for RSA unless told otherwise. */
final class ClientKey {

  private static final String RSA = "RSA";
  private static final String EC = "EC";

  private ClientKey() {}

  /** The algorithm, as {@link Config#setClientKeyAlgo} wants it. */
  static String algorithm(Config config) {
    return pem(config).map(ClientKey::algorithm).orElse(RSA);
  }

  private static Optional<String> pem(Config config) {
    try {
      if (config.getClientKeyData() != null) {
        return Optional.of(
            new String(
                Base64.getMimeDecoder().decode(config.getClientKeyData()), StandardCharsets.UTF_8));
      }
      return config.getClientKeyFile() == null
          ? Optional.empty()
          : Optional.of(Files.readString(Path.of(config.getClientKeyFile())));
    } catch (IOException | IllegalArgumentException unreadable) {
      // The client says so when it connects.
      return Optional.empty();
    }
  }

  static String algorithm(String pem) {
    if (pem.contains("BEGIN EC PRIVATE KEY")) {
      return EC;
    }
    try {
      var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      return KeyFactory.getInstance(EC).generatePrivate(new PKCS8EncodedKeySpec(der)) == null
          ? RSA
          : EC;
    } catch (GeneralSecurityException | IllegalArgumentException isOther) {
      return RSA;
    }
  }
}
