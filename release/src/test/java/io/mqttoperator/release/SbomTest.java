package io.mqttoperator.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.exception.ParseException;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Dependency;
import org.cyclonedx.model.Hash;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The SBOMs of a release: valid, and with all that the image is made of. */
final class SbomTest {

  private static final Path RELEASE = Path.of(System.getProperty("release.directory", "."));
  private static final String IMAGE_SBOM = "-image.cdx.json";

  private static Archive image = new Archive(Map.of(), "");

  @BeforeAll
  static void readImage() throws IOException {
    image = Archive.of(file("-image.tar"));
  }

  private static Path file(String end) throws IOException {
    return files(end).stream().reduce((one, other) -> other).orElseThrow();
  }

  static List<Path> files(String end) throws IOException {
    try (var all = Files.list(RELEASE)) {
      return all.filter(path -> path.getFileName().toString().endsWith(end)).sorted().toList();
    }
  }

  static List<Path> sboms() throws IOException {
    var found = files(".cdx.json");
    assertThat(found).as("SBOMs in %s", RELEASE).hasSize(2);
    return found;
  }

  @ParameterizedTest
  @MethodSource("sboms")
  void eachIsWhatTheSchemaOfCycloneDxAsksFor(Path sbom) throws IOException {
    assertThat(new JsonParser().validate(sbom.toFile(), Version.VERSION_16)).isEmpty();
  }

  /** Else the test above shows nothing. */
  @Test
  void whatTheSchemaDoesNotKnowIsFound() throws IOException {
    var changed =
        Files.readString(file(IMAGE_SBOM)).replaceFirst("\"type\": \"library\"", "\"type\": \"x\"");
    assertThat(
            new JsonParser().validate(changed.getBytes(StandardCharsets.UTF_8), Version.VERSION_16))
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("sboms")
  void noReferenceIsOpen(Path sbom) throws ParseException {
    var bom = new JsonParser().parse(sbom.toFile());
    var named =
        Stream.concat(Stream.of(bom.getMetadata().getComponent()), bom.getComponents().stream())
            .map(Component::getBomRef)
            .toList();
    assertThat(named).doesNotHaveDuplicates();
    assertThat(bom.getDependencies())
        .flatExtracting(
            dependency ->
                Stream.concat(
                        Stream.of(dependency.getRef()),
                        Optional.ofNullable(dependency.getDependencies()).stream()
                            .flatMap(List::stream)
                            .map(Dependency::getRef))
                    .toList())
        .isSubsetOf(named);
  }

  @Test
  void eachJarOfTheImageIsListedWithItsHash() throws Exception {
    var bom = bom();
    assertThat(jarsWithoutComponent(bom)).isEmpty();
    // Else the line above shows nothing.
    bom.getComponents().removeIf(component -> component.getName().equals("bcprov-jdk18on"));
    assertThat(jarsWithoutComponent(bom).keySet())
        .singleElement()
        .asString()
        .contains("bcprov-jdk18on");
  }

  @Test
  void noJarIsListedThatTheImageDoesNotHave() throws Exception {
    var jars = Set.copyOf(jars().values());
    assertThat(bom().getComponents())
        .filteredOn(component -> component.getPurl().startsWith("pkg:maven/"))
        .allSatisfy(component -> assertThat(jars).contains(sha256(component).orElse("none")));
  }

  @Test
  void eachPackageOfTheBaseIsListed() throws Exception {
    var packages =
        image.files().keySet().stream()
            .filter(file -> file.startsWith("var/lib/dpkg/status.d/"))
            .map(file -> Path.of(file).getFileName().toString())
            .toList();
    assertThat(packages).contains("libc6", "openjdk-25-jre-headless");
    assertThat(bom().getComponents())
        .filteredOn(component -> component.getPurl().startsWith("pkg:deb/debian/"))
        .extracting(Component::getName)
        .containsExactlyInAnyOrderElementsOf(packages);
  }

  @Test
  void itIsOfThisImage() throws Exception {
    var digest = Files.readString(file("-image.digest")).strip();
    assertThat(digest).isEqualTo(image.digest());
    assertThat(sha256(bom().getMetadata().getComponent()).map(hex -> "sha256:" + hex))
        .contains(digest);
  }

  private static Bom bom() throws IOException, ParseException {
    return new JsonParser().parse(file(IMAGE_SBOM).toFile());
  }

  /** The one in the JDK is its package's. */
  private static Map<String, String> jars() {
    var jars = new TreeMap<>(image.files());
    jars.keySet().removeIf(path -> !path.endsWith(".jar") || path.startsWith("opt/java/"));
    assertThat(jars).as("jars of the image").hasSizeGreaterThan(50);
    return jars;
  }

  private static Map<String, String> jarsWithoutComponent(Bom bom) {
    var listed =
        bom.getComponents().stream()
            .flatMap(component -> sha256(component).stream())
            .collect(Collectors.toSet());
    var missing = jars();
    missing.values().removeIf(listed::contains);
    return missing;
  }

  private static Optional<String> sha256(Component component) {
    return Optional.ofNullable(component.getHashes()).stream()
        .flatMap(List::stream)
        .filter(hash -> hash.getAlgorithm().equals(Hash.Algorithm.SHA_256.getSpec()))
        .map(Hash::getValue)
        .findFirst();
  }
}
