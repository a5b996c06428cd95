package io.mqttoperator.operator.broker.clients;

import io.fabric8.kubernetes.api.model.Secret;
import io.mqttoperator.operator.access.SecretBytes;
import io.mqttoperator.operator.broker.observation.SecretEntries;
import io.mqttoperator.operator.broker.observation.StoredSecret;
import io.mqttoperator.operator.kube.Labels;
import io.mqttoperator.operator.pki.InvalidCertificateException;
import io.mqttoperator.operator.pki.IssuedCertificate;
import io.mqttoperator.operator.pki.KeyAndCertificate;
import io.mqttoperator.operator.pki.KeylessCertificate;
import io.mqttoperator.operator.pki.Pkcs12;
import io.mqttoperator.operator.pki.StoredCertificate;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A user's certificate, and what the user's Secret holds of it.
 *
 * @param files by key
 */
record ClientIdentity(IssuedCertificate certificate, SortedMap<String, SecretBytes> files) {

  private static final List<String> KEYS =
      List.of(
          SecretEntries.CERTIFICATE,
          SecretEntries.KEY,
          SecretEntries.PKCS12,
          SecretEntries.PKCS12_PASSWORD);

  ClientIdentity {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** One that was issued just now. */
  static ClientIdentity of(IssuedCertificate certificate) {
    var files = new TreeMap<String, SecretBytes>();
    files.put(SecretEntries.CERTIFICATE, new SecretBytes(certificate.certificatePem()));
    if (certificate instanceof KeyAndCertificate pair) {
      files.put(SecretEntries.KEY, new SecretBytes(pair.keyPem()));
    }
    return new ClientIdentity(certificate, files);
  }

  /** What a Secret holds, if it can be used; the other form only where it is of this one. */
  static Optional<ClientIdentity> read(Secret secret) {
    var stored = new StoredSecret(secret);
    var pem = stored.bytes(SecretEntries.CERTIFICATE);
    if (pem.isEmpty()) {
      return Optional.empty();
    }
    try {
      var key = stored.bytes(SecretEntries.KEY);
      var certificate =
          key.isPresent()
              ? KeyAndCertificate.parse(pem.get(), key.get())
              : KeylessCertificate.parse(pem.get());
      var found = new ClientIdentity(certificate, files(secret));
      var annotations = secret.getMetadata().getAnnotations();
      return Optional.of(
          annotations != null
                  && found
                      .pkcs12Digest()
                      .equals(Optional.ofNullable(annotations.get(Labels.PKCS12)))
              ? found
              : found.withoutPkcs12());
    } catch (InvalidCertificateException unusable) {
      return Optional.empty();
    }
  }

  /** What a Secret holds, whatever it is worth. */
  static SortedMap<String, SecretBytes> files(Secret secret) {
    var files = new TreeMap<String, SecretBytes>();
    var stored = new StoredSecret(secret);
    KEYS.forEach(
        key -> stored.bytes(key).ifPresent(bytes -> files.put(key, new SecretBytes(bytes))));
    return files;
  }

  BigInteger serial() {
    return certificate.certificate().getSerialNumber();
  }

  StoredCertificate of(int generation) {
    return switch (certificate) {
      case KeyAndCertificate pair -> new StoredCertificate.Usable(pair, generation);
      case KeylessCertificate keyless -> new StoredCertificate.Keyless(keyless, generation);
    };
  }

  boolean hasPkcs12() {
    return files.containsKey(SecretEntries.PKCS12);
  }

  ClientIdentity withoutPkcs12() {
    var rest = new TreeMap<>(files);
    rest.remove(SecretEntries.PKCS12);
    rest.remove(SecretEntries.PKCS12_PASSWORD);
    return rest.size() == files.size() ? this : new ClientIdentity(certificate, rest);
  }

  /** With the other form, made anew; without, where the key is not known here. */
  ClientIdentity withPkcs12(String name, SecretBytes password) {
    if (!(certificate instanceof KeyAndCertificate pair)) {
      return withoutPkcs12();
    }
    var all = new TreeMap<>(files);
    var text = new String(password.toBytes(), StandardCharsets.US_ASCII).toCharArray();
    all.put(SecretEntries.PKCS12, new SecretBytes(Pkcs12.render(pair, name, text)));
    all.put(SecretEntries.PKCS12_PASSWORD, password);
    return new ClientIdentity(certificate, all);
  }

  /** By which it is known, without its password, that the other form is of this certificate. */
  Optional<String> pkcs12Digest() {
    return digest(files, certificate.serialHex());
  }

  static Optional<String> digest(SortedMap<String, SecretBytes> files, String serial) {
    var file = files.get(SecretEntries.PKCS12);
    if (file == null || !files.containsKey(SecretEntries.PKCS12_PASSWORD)) {
      return Optional.empty();
    }
    var content = new ByteArrayOutputStream();
    content.writeBytes(serial.getBytes(StandardCharsets.US_ASCII));
    content.writeBytes(file.toBytes());
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(content.toByteArray());
      return Optional.of(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java runtime has SHA-256", impossible);
    }
  }

  @Override
  public String toString() {
    return "ClientIdentity[" + certificate.serialHex() + "]";
  }
}
