package io.mqttoperator.operator.pki;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;

/** A key and its certificates in one encrypted file (RFC 7292), as Java and OpenSSL read it. */
public final class Pkcs12 {

  private Pkcs12() {}

  /** Another file each time: what it is encrypted with is random. */
  public static byte[] render(KeyAndCertificate pair, String name, char[] password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(name, pair.key(), password, pair.chain().toArray(X509Certificate[]::new));
      var file = new ByteArrayOutputStream();
      store.store(file, password);
      return file.toByteArray();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java runtime cannot write PKCS#12", e);
    }
  }
}
