package io.mqttoperator.e2e;

import io.fabric8.kubernetes.client.Config;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;

/** Reads a kubeconfig for the client library. */
public final class Kubeconfig {

  private Kubeconfig() {}

  public static Config read(Path file) {
    var config = Config.fromKubeconfig(file.toFile());
    var key = config.getClientKeyData();
    // The library takes every key for RSA unless told otherwise (CertUtils.loadKey).
    if (key != null && isElliptic(key)) {
      config.setClientKeyAlgo("EC");
    }
    return config;
  }

  private static boolean isElliptic(String encoded) {
    var pem = new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII);
    if (pem.toUpperCase(Locale.ROOT).contains("BEGIN EC PRIVATE KEY")) {
      return true;
    }
    try {
      var der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      var unused =
          Objects.requireNonNull(
              KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)));
      return true;
    } catch (GeneralSecurityException isOther) {
      return false;
    }
  }
}
