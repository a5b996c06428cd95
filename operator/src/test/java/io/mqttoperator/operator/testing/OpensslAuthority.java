package io.mqttoperator.operator.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** A CA made by the {@code openssl} command: not by the code under test. */
public final class OpensslAuthority {

  /** A certificate, its key, and both in PEM. */
  public record Leaf(
      X509Certificate certificate, PrivateKey key, String certificatePem, String keyPem) {}

  private final Path directory;
  private int serial;

  /**
   * Makes a CA (ECDSA P-256) with an empty revocation list; its files stay in {@code directory}.
   */
  public OpensslAuthority(Path directory, String name) {
    this.directory = directory;
    openssl(
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
        "/CN=" + name,
        "-keyout",
        "ca.key",
        "-out",
        "ca.crt");
    write("index.txt", "");
    write("crlnumber", "01");
    write(
        "ca.cnf",
        """
        [ca]
        default_ca = this
        [this]
        database = index.txt
        crlnumber = crlnumber
        default_md = sha256
        default_crl_days = 1
        """);
    openssl(
        "ca",
        "-config",
        "ca.cnf",
        "-gencrl",
        "-keyfile",
        "ca.key",
        "-cert",
        "ca.crt",
        "-out",
        "ca.crl");
  }

  /** The CA's certificate. */
  public X509Certificate certificate() {
    return parse(certificatePem());
  }

  public String certificatePem() {
    return read("ca.crt");
  }

  public String crlPem() {
    return read("ca.crl");
  }

  /** A certificate for a server with this DNS name. */
  public Leaf server(String dnsName) {
    return leaf("server", "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:" + dnsName + "\n");
  }

  /** A certificate for a client with this CN. */
  public Leaf client(String commonName) {
    return leaf(commonName, "extendedKeyUsage=clientAuth\n");
  }

  private Leaf leaf(String commonName, String extensions) {
    String file = "leaf-" + ++serial;
    write(file + ".ext", extensions);
    openssl(
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=" + commonName,
        "-keyout",
        file + ".key",
        "-out",
        file + ".csr");
    openssl(
        "x509",
        "-req",
        "-in",
        file + ".csr",
        "-CA",
        "ca.crt",
        "-CAkey",
        "ca.key",
        "-days",
        "1",
        "-set_serial",
        Integer.toString(serial),
        "-extfile",
        file + ".ext",
        "-out",
        file + ".crt");
    String certificate = read(file + ".crt");
    String key = read(file + ".key");
    return new Leaf(parse(certificate), parseKey(key), certificate, key);
  }

  private void openssl(String... arguments) {
    var unused =
        Command.run(
            directory, Stream.concat(Stream.of("openssl"), List.of(arguments).stream()).toList());
  }

  private String read(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String file, String content) {
    try {
      Files.writeString(directory.resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static X509Certificate parse(String pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static PrivateKey parseKey(String pem) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
