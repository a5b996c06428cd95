package io.mqttoperator.operator.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.KeyStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Pkcs12Test {

  private static final String PASSWORD = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

  @TempDir Path folder;

  @Test
  void javaAndOpensslReadIt() throws Exception {
    var issuer = Samples.issuer(Samples.NOW);
    var authority = issuer.createAuthority(Samples.authority(KeyAlgorithm.ECDSA_P256));
    var pair = issuer.issueClient(authority, Samples.client(KeyAlgorithm.ECDSA_P256));
    var file = Pkcs12.render(pair, "meter-1", PASSWORD.toCharArray());

    var store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(file), PASSWORD.toCharArray());
    assertThat(store.getKey("meter-1", PASSWORD.toCharArray())).isEqualTo(pair.key());
    assertThat(store.getCertificateChain("meter-1")).containsExactlyElementsOf(pair.chain());

    var openssl = new OpenSsl(folder);
    openssl.file("user.p12", file);
    var text = openssl.run("pkcs12", "-in", "user.p12", "-nodes", "-passin", "pass:" + PASSWORD);
    assertThat(text.exitCode()).as(text.output()).isZero();
    assertThat(text.output()).contains("BEGIN PRIVATE KEY").contains("BEGIN CERTIFICATE");
    var wrong = openssl.run("pkcs12", "-in", "user.p12", "-nodes", "-passin", "pass:x");
    assertThat(wrong.exitCode()).isNotZero();
  }
}
