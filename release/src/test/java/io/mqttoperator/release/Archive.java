package io.mqttoperator.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An image in an archive of the OCI image layout.
 *
 * @param files the SHA-256 of each file of the image, by its path
 * @param digest of the manifest, as a registry tells it
 */
record Archive(Map<String, String> files, String digest) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Archive of(Path archive) throws IOException {
    var small = new HashMap<String, byte[]>();
    try (var tar = tar(Files.newInputStream(archive))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getSize() < 1 << 16) {
          small.put(entry.getName(), tar.readAllBytes());
        }
      }
    }
    var digest = json(small, "index.json").at("/manifests/0/digest").asText();
    var layers = json(small, blob(digest)).get("layers");
    var files = new TreeMap<String, String>();
    for (var layer : layers) {
      addFiles(archive, blob(layer.get("digest").asText()), files);
    }
    return new Archive(files, digest);
  }

  private static String blob(String digest) {
    return "blobs/" + digest.replace(':', '/');
  }

  private static JsonNode json(Map<String, byte[]> entries, String name) throws IOException {
    var content = entries.get(name);
    if (content == null || !sha256Matches(name, content)) {
      throw new IOException("the archive has no " + name + ", or it is not what its name says");
    }
    return JSON.readTree(content);
  }

  private static boolean sha256Matches(String name, byte[] content) {
    return !name.startsWith("blobs/sha256/")
        || name.endsWith("/" + HexFormat.of().formatHex(sha256().digest(content)));
  }

  private static void addFiles(Path archive, String layer, Map<String, String> files)
      throws IOException {
    try (var tar = tar(Files.newInputStream(archive))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().equals(layer)) {
          addFiles(tar(new GZIPInputStream(tar)), files);
          return;
        }
      }
    }
    throw new IOException("the archive has no " + layer);
  }

  private static void addFiles(TarArchiveInputStream layer, Map<String, String> files)
      throws IOException {
    for (var entry = layer.getNextEntry(); entry != null; entry = layer.getNextEntry()) {
      if (entry.isFile()) {
        var hashed = new DigestInputStream(layer, sha256());
        hashed.transferTo(java.io.OutputStream.nullOutputStream());
        files.put(
            entry.getName().replaceFirst("^(\\./|/)", ""),
            HexFormat.of().formatHex(hashed.getMessageDigest().digest()));
      }
    }
  }

  private static TarArchiveInputStream tar(InputStream in) {
    return new TarArchiveInputStream(in);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
