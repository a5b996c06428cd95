package io.mqttoperator.operator.broker.profile;

import io.fabric8.kubernetes.api.model.Quantity;
import io.mqttoperator.api.AuthorityCertificate;
import io.mqttoperator.api.MqttBroker;
import io.mqttoperator.api.MqttBrokerSpec;
import io.mqttoperator.api.Passwords;
import io.mqttoperator.api.ServerCertificate;
import io.mqttoperator.api.Storage;
import io.mqttoperator.api.Tenant;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.mosquitto.BrokerConfiguration;
import io.mqttoperator.operator.mosquitto.BrokerOptions;
import io.mqttoperator.operator.mosquitto.ClientAuthentication;
import io.mqttoperator.operator.mosquitto.InternalListener;
import io.mqttoperator.operator.pki.AuthorityRequest;
import io.mqttoperator.operator.pki.RenewalWindow;
import io.mqttoperator.operator.pki.ServerProfile;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker's spec with every default filled in. */
public record BrokerProfile(
    MqttBroker broker,
    BrokerNames names,
    int replicas,
    String image,
    List<ListenerProfile> listeners,
    CertificateSettings authority,
    Duration authorityOverlap,
    boolean retainAuthority,
    CertificateSettings server,
    int passwordIterations,
    Storage storage,
    Duration autosaveInterval,
    BrokerOptions options) {

  private static final Pattern IP_ADDRESS =
      Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private static final MqttBrokerSpec NOTHING_ASKED =
      new MqttBrokerSpec(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null);

  /** Slots of the internal listener: the operator, its successor, sessions being cleared. */
  private static final int INTERNAL_CONNECTIONS = 64;

  private static final int DEFAULT_ITERATIONS = 1000;

  /** What a broker without {@code spec} asks for, too. */
  public static MqttBrokerSpec specOf(MqttBroker broker) {
    return Optional.ofNullable(broker.getSpec()).orElse(NOTHING_ASKED);
  }

  /**
   * Fills in the defaults.
   *
   * @param defaultImage where the spec names none
   * @throws IllegalArgumentException with a sentence, if a value cannot be used
   */
  public static BrokerProfile of(MqttBroker broker, String defaultImage, String clusterDomain) {
    var spec = specOf(broker);
    var metadata = broker.getMetadata();
    var certificates = spec.certificates();
    var authority = certificates == null ? null : certificates.authority();
    var server = certificates == null ? null : certificates.server();
    var storage = storage(spec.storage());
    return new BrokerProfile(
        broker,
        new BrokerNames(metadata.getNamespace(), metadata.getName(), clusterDomain),
        Optional.ofNullable(spec.replicas()).orElse(1),
        Optional.ofNullable(spec.image()).orElse(defaultImage),
        listeners(spec),
        authority(authority),
        AskedDuration.of(authority == null ? null : authority.overlap(), "168h"),
        authority == null || !Boolean.FALSE.equals(authority.retain()),
        server(server),
        passwordIterations(broker),
        storage,
        AskedDuration.of(storage.autosaveInterval(), "60s"),
        AskedOptions.of(spec));
  }

  /** Of users' own passwords; and the most that a tenant's may have. */
  public static int passwordIterations(MqttBroker broker) {
    return Optional.ofNullable(specOf(broker).passwords())
        .map(Passwords::iterations)
        .orElse(DEFAULT_ITERATIONS);
  }

  private static List<ListenerProfile> listeners(MqttBrokerSpec spec) {
    var asked = spec.listeners();
    return asked == null || asked.isEmpty()
        ? List.of(ListenerProfile.ofDefault())
        : asked.stream().map(ListenerProfile::of).toList();
  }

  private static CertificateSettings authority(@Nullable AuthorityCertificate asked) {
    var validity = AskedDuration.of(asked == null ? null : asked.validity(), "87600h");
    var fallback = Duration.ofDays(365);
    var renewBefore =
        asked == null || asked.renewBefore() == null
            ? (fallback.compareTo(validity.dividedBy(3)) < 0 ? fallback : validity.dividedBy(3))
            : AskedDuration.of(asked.renewBefore(), "8760h");
    return new CertificateSettings(
        CertificateSettings.algorithm(asked == null ? null : asked.keyAlgorithm()),
        validity,
        renewBefore,
        asked == null || asked.generation() == null ? 1 : asked.generation(),
        List.of());
  }

  private static CertificateSettings server(@Nullable ServerCertificate asked) {
    var validity = AskedDuration.of(asked == null ? null : asked.validity(), "2160h");
    var renewBefore =
        asked == null || asked.renewBefore() == null
            ? RenewalWindow.byDefault(validity)
            : AskedDuration.of(asked.renewBefore(), "0s");
    return new CertificateSettings(
        CertificateSettings.algorithm(asked == null ? null : asked.keyAlgorithm()),
        validity,
        renewBefore,
        asked == null || asked.generation() == null ? 1 : asked.generation(),
        asked == null || asked.additionalNames() == null ? List.of() : asked.additionalNames());
  }

  private static Storage storage(@Nullable Storage asked) {
    return asked == null
        ? new Storage(new Quantity("1Gi"), null, null, null, null)
        : new Storage(
            Optional.ofNullable(asked.size()).orElseGet(() -> new Quantity("1Gi")),
            asked.storageClassName(),
            asked.autosaveInterval(),
            asked.retain(),
            asked.ephemeral());
  }

  /**
   * What the server certificate is to say.
   *
   * @throws IllegalArgumentException with a sentence, if a name cannot be in a certificate
   */
  public ServerProfile serverProfile() {
    var asked = server();
    var names = names();
    var dns =
        Stream.concat(
                names.serverDnsNames().stream(),
                asked.additionalNames().stream().filter(name -> !isAddress(name)))
            .toList();
    var addresses = asked.additionalNames().stream().filter(BrokerProfile::isAddress).toList();
    return new ServerProfile(names.host(), dns, addresses, asked.keyAlgorithm(), asked.validity());
  }

  private static boolean isAddress(String name) {
    return IP_ADDRESS.matcher(name).matches();
  }

  /**
   * Checks what the schema does not.
   *
   * @throws IllegalArgumentException with a sentence, if something cannot be rendered
   */
  public void requireUsable() {
    Objects.requireNonNull(configuration());
    Objects.requireNonNull(serverProfile());
    tenants(broker).stream()
        .flatMap(tenant -> Tenancy.problem(tenant).stream())
        .findFirst()
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
  }

  /** The entries of {@code spec.access.tenants}. */
  public static List<Tenant> tenants(MqttBroker broker) {
    var access = specOf(broker).access();
    return access == null || access.tenants() == null ? List.of() : access.tenants();
  }

  public boolean isPaused() {
    return Boolean.TRUE.equals(specOf(broker).paused());
  }

  public boolean isEphemeral() {
    return Boolean.TRUE.equals(storage.ephemeral());
  }

  public boolean retainsVolume() {
    return !Boolean.FALSE.equals(storage.retain());
  }

  /** What is asked of the authorities that the operator makes. */
  public AuthorityRequest authorityRequest() {
    return new AuthorityRequest(
        names.broker() + " CA",
        authority.keyAlgorithm(),
        authority.validity(),
        authority.renewBefore(),
        authorityOverlap,
        authority.generation());
  }

  /** How clients prove on its listeners who they are. */
  public Set<ClientAuthentication> authentications() {
    return listeners.stream()
        .map(ListenerProfile::authentication)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The configuration file's contents. */
  public BrokerConfiguration configuration() {
    return new BrokerConfiguration(
        listeners.stream().map(ListenerProfile::configuration).toList(),
        new InternalListener(INTERNAL_CONNECTIONS),
        Math.toIntExact(autosaveInterval.toSeconds()),
        options);
  }

  /** What is allowed but not safe, in sentences. */
  public List<String> warnings() {
    return ProfileWarnings.of(this);
  }
}
