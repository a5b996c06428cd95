package io.mqttoperator.cli.moving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mqttoperator.cli.existing.ExistingListener;
import io.mqttoperator.cli.existing.ExistingOption;
import io.mqttoperator.cli.existing.ExistingPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The names in the old server certificates: by these clients know the broker. */
final class ServerNames {

  /** RFC 5280 section 4.2.1.6. */
  private static final int DNS = 2;

  private static final int ADDRESS = 7;

  private static final int MOST = 32;

  /** As the schema has it, and an address. */
  private static final Pattern NAME =
      Pattern.compile(
          "([*][.])?[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?"
              + "([.][A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?)*|[0-9A-Fa-f:.]+");

  private final Optional<Path> root;
  private final LeftOvers left;

  ServerNames(Optional<Path> root, LeftOvers left) {
    this.root = root;
    this.left = left;
  }

  void write(List<ExistingListener> listeners, ObjectNode spec) {
    var names = new LinkedHashSet<String>();
    for (var listener : listeners) {
      listener.option("certfile").ifPresent(option -> names.addAll(names(option)));
    }
    if (!names.isEmpty()) {
      var array = spec.putObject("certificates").putObject("server").putArray("additionalNames");
      names.stream().limit(MOST).forEach(array::add);
    }
  }

  private Set<String> names(ExistingOption certfile) {
    var names = new LinkedHashSet<String>();
    try (var file = Files.newInputStream(ExistingPaths.resolve(certfile, root))) {
      var certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
      var alternatives =
          Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.<List<?>>of());
      alternatives.forEach(alternative -> name(alternative).ifPresent(names::add));
    } catch (IOException | CertificateException unreadable) {
      left.leaveOut(
          certfile,
          "it cannot be read, and with it the names that clients know the broker by",
          "Add those to certificates.server.additionalNames");
    }
    return names;
  }

  private static Optional<String> name(Collection<?> alternative) {
    var parts = List.copyOf(alternative);
    return parts.getFirst().equals(DNS) || parts.getFirst().equals(ADDRESS)
        ? Optional.of(String.valueOf(parts.get(1))).filter(name -> NAME.matcher(name).matches())
        : Optional.empty();
  }
}
