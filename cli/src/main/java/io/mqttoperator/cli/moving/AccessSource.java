package io.mqttoperator.cli.moving;

import io.mqttoperator.cli.existing.ExistingConfiguration;
import io.mqttoperator.cli.existing.ExistingListener;
import io.mqttoperator.cli.existing.ExistingOption;
import io.mqttoperator.cli.existing.ExistingPaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which files say who may connect at a listener, and who may do what.
 *
 * @param passwords empty: no name has to be proven
 * @param acl empty: everybody may do everything
 * @param keys pre-shared ones
 */
record AccessSource(Optional<Path> passwords, Optional<Path> acl, Optional<Path> keys) {

  private static final String PASSWORDS = "password_file";
  private static final String ACL = "acl_file";
  private static final String KEYS = "psk_file";

  static AccessSource of(
      ExistingConfiguration configuration, ExistingListener listener, MoveSettings settings) {
    return new AccessSource(
        path(settings, settings.passwords(), named(configuration, listener, PASSWORDS)),
        path(settings, settings.acl(), named(configuration, listener, ACL)),
        path(settings, settings.keys(), named(configuration, listener, KEYS)));
  }

  /** That of a broker that has no listener which is carried over. */
  static AccessSource of(ExistingConfiguration configuration, MoveSettings settings) {
    return new AccessSource(
        path(settings, settings.passwords(), configuration.option(PASSWORDS)),
        path(settings, settings.acl(), configuration.option(ACL)),
        path(settings, settings.keys(), configuration.option(KEYS)));
  }

  private static Optional<ExistingOption> named(
      ExistingConfiguration configuration, ExistingListener listener, String option) {
    return listener.option(option).or(() -> configuration.option(option));
  }

  private static Optional<Path> path(
      MoveSettings settings, Optional<Path> given, Optional<ExistingOption> named) {
    return given.or(() -> named.map(option -> ExistingPaths.resolve(option, settings.root())));
  }

  private static Path present(Path path, String option) {
    if (Files.exists(path)) {
      return path;
    }
    throw new IllegalArgumentException(
        "there is no file %s, which counts as the %s. Name it by --%s, or with --root the folder"
                .formatted(path, option, option.replace('_', '-'))
            + " below which the files of that machine are.");
  }

  /**
   * The password file.
   *
   * @throws IllegalArgumentException with how to say where it is, if it is not there
   */
  Optional<Path> presentPasswords() {
    return passwords.map(path -> present(path, PASSWORDS));
  }

  /**
   * The ACL file.
   *
   * @throws IllegalArgumentException with how to say where it is, if it is not there
   */
  Optional<Path> presentAcl() {
    return acl.map(path -> present(path, ACL));
  }

  /**
   * The file of pre-shared keys.
   *
   * @throws IllegalArgumentException with how to say where it is, if it is not there
   */
  Optional<Path> presentKeys() {
    return keys.map(path -> present(path, KEYS));
  }

  /** Whether a listener lets in clients without a name, as of Mosquitto 2. */
  static boolean letsInAnonymous(ExistingConfiguration configuration, ExistingListener listener) {
    var own =
        listener.options().reversed().stream()
            .filter(
                option ->
                    option.name().equals("allow_anonymous")
                        || option.name().equals("listener_allow_anonymous"))
            .findFirst();
    return own.or(() -> configuration.option("allow_anonymous"))
        .map(ExistingOption::isTrue)
        .orElse(false);
  }
}
