package io.mqttoperator.operator.mosquitto;

import static io.mqttoperator.operator.mosquitto.Samples.text;
import static io.mqttoperator.operator.mosquitto.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BrokerConfigurationTest {
  private static final InternalListener INTERNAL = new InternalListener(16);
  private static final Set<LogType> NO_LOG_BUT_ERRORS = EnumSet.of(LogType.ERROR);

  @Test
  void rendersTheDefaultListener() {
    assertThat(text(configuration(listener("mqtts", 8883)).render()))
        .isEqualTo(
            """
            # Written by mqtt-operator: a change made here is lost.
            # start c85409332611209e6632126f2097f246
            allow_anonymous false
            password_file @DIRECTORY@/passwords
            acl_file @DIRECTORY@/acl
            check_retain_source false
            persistence true
            persistence_location /mosquitto/data/
            autosave_interval 60
            set_tcp_nodelay true
            log_dest stderr
            log_type error
            log_type warning
            log_type notice
            connection_messages true

            # mqtts
            listener 8883
            listener_allow_anonymous false
            use_username_as_clientid true
            max_connections 1000
            certfile @DIRECTORY@/server.crt
            keyfile @DIRECTORY@/server.key
            tls_version tlsv1.2

            # operator
            listener 8884
            listener_allow_anonymous false
            use_username_as_clientid true
            max_connections 16
            certfile @DIRECTORY@/internal.crt
            keyfile @DIRECTORY@/internal.key
            tls_version tlsv1.3
            cafile @DIRECTORY@/internal-ca.crt
            crlfile @DIRECTORY@/internal.crl
            require_certificate true
            use_identity_as_username true
            """);
  }

  @Test
  void whatIsSetStandsBeforeTheListenersOrInThem() {
    var options =
        new BrokerOptions(
            Arrays.stream(BrokerOption.values())
                .collect(Collectors.toMap(Function.identity(), BrokerOption::max)),
            EnumSet.of(LogType.ERROR, LogType.DEBUG),
            false);
    var configuration =
        new BrokerConfiguration(
            List.of(listener("mqtts", 8883), listener("more", 8885)), INTERNAL, 60, options);
    assertThat(text(configuration.render()))
        .contains(
            """
            log_type error
            log_type debug
            connection_messages false
            max_packet_size 268435455
            max_inflight_messages 65535
            max_inflight_bytes 2147483647
            max_queued_messages 2147483647
            max_queued_bytes 2147483647
            queue_qos0_messages true
            retain_available true
            max_keepalive 65535
            persistent_client_expiration 315360000s
            memory_limit 1099511627776

            # mqtts
            """)
        .contains("max_connections 1000\nmax_qos 2\nmax_topic_alias 65535\ncertfile")
        // The proof of a revision is of QoS 1, whatever clients may do.
        .containsOnlyOnce("max_connections 16\ncertfile");
    assertThat(text(configuration.render()).split("max_qos 2\n")).hasSize(3);
  }

  @Test
  void anOptionThatOnlyOneListenerHasIsRefused() {
    var options = new BrokerOptions(Map.of(BrokerOption.MAX_QOS, 1L), NO_LOG_BUT_ERRORS, true);
    var listeners = List.of(listener("a", 8883), listener("b", 8885));
    String whole = text(new BrokerConfiguration(listeners, INTERNAL, 60, options).render());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BrokerConfiguration.parse(utf8(whole.replaceFirst("max_qos 1\n", ""))));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                BrokerConfiguration.parse(utf8(whole.replaceFirst("max_qos 1\n", "max_qos 0\n"))));
  }

  @Property
  void anOptionOutOfItsRangeIsRefused(@ForAll BrokerOption option) {
    for (long value : List.of(option.min() - 1, option.max() + 1)) {
      var values = Map.of(option, value);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new BrokerOptions(values, NO_LOG_BUT_ERRORS, true));
    }
  }

  @Test
  void errorsAreAlwaysLogged() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BrokerOptions(Map.of(), EnumSet.of(LogType.NOTICE), true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BrokerOptions(Map.of(), EnumSet.noneOf(LogType.class), true));
  }

  @Property
  void isReadBackAsItWasMeant(@ForAll("configurations") BrokerConfiguration configuration) {
    assertThat(BrokerConfiguration.parse(configuration.render())).isEqualTo(configuration);
  }

  @Property
  void anyOtherLineIsRefused(@ForAll("configurations") BrokerConfiguration configuration) {
    List<String> lines = text(configuration.render()).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      assertRefused(lines, i, "allow_anonymous true");
      assertRefused(lines, i, lines.get(i) + " ");
    }
  }

  private static void assertRefused(List<String> lines, int index, String line) {
    var changed = new ArrayList<>(lines);
    changed.set(index, line);
    byte[] content = TextFile.render(changed);
    assertThatIllegalArgumentException().isThrownBy(() -> BrokerConfiguration.parse(content));
  }

  @Test
  void refusesAFileThatEndsEarlyOrGoesOn() {
    String whole = text(configuration(listener("operator", 8883)).render());
    assertThatIllegalArgumentException().isThrownBy(() -> BrokerConfiguration.parse(utf8("")));
    for (int end = 0; end < whole.length(); end++) {
      byte[] part = utf8(whole.substring(0, end));
      assertThatIllegalArgumentException().isThrownBy(() -> BrokerConfiguration.parse(part));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BrokerConfiguration.parse(utf8(whole + "listener 1883\n")));
  }

  @Test
  void refusesValuesOutOfRange() {
    assertThatIllegalArgumentException().isThrownBy(() -> listener("mqtts", 8884));
    assertThatIllegalArgumentException().isThrownBy(() -> listener("mqtts", 1023));
    assertThatIllegalArgumentException().isThrownBy(() -> listener("mqtts", 65_536));
    assertThatIllegalArgumentException().isThrownBy(() -> listener("a\nlistener 1", 8883));
    assertThatIllegalArgumentException().isThrownBy(() -> listener("a".repeat(16), 8883));
    assertThatIllegalArgumentException().isThrownBy(BrokerConfigurationTest::configuration);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> configuration(listener("a", 8883), listener("b", 8883)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> configuration(listener("a", 8883), listener("a", 8885)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new BrokerConfiguration(
                    List.of(listener("a", 8883)), INTERNAL, 0, BrokerOptions.NONE));
    assertThatIllegalArgumentException().isThrownBy(() -> new InternalListener(0));
  }

  @Test
  void anAnonymousListenerTakesNoClientIdFromTheUsername() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ListenerConfiguration(
                    "a",
                    1883,
                    ListenerProtocol.MQTT,
                    Encryption.NONE,
                    ClientAuthentication.ANONYMOUS,
                    true,
                    1,
                    ProxyHeader.NONE));
  }

  /** A certificate's session is ended by taking it over, so its client id must be known. */
  @Test
  void aListenerForCertificatesHasTlsAndNamesItsClients() {
    for (var authentication :
        List.of(ClientAuthentication.CERTIFICATE, ClientAuthentication.CERTIFICATE_AND_PASSWORD)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> listener(authentication, Encryption.NONE, true));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> listener(authentication, Encryption.TLS_1_3, false));
    }
  }

  @Test
  void rendersListenersForCertificates() {
    var file =
        text(
            configuration(listener(ClientAuthentication.CERTIFICATE, Encryption.TLS_1_2, true))
                .render());
    assertThat(file)
        .contains(
            """
            # a
            listener 8883
            listener_allow_anonymous false
            use_username_as_clientid true
            max_connections 1
            certfile @DIRECTORY@/server.crt
            keyfile @DIRECTORY@/server.key
            tls_version tlsv1.2
            cafile @DIRECTORY@/clients-ca.crt
            crlfile @DIRECTORY@/clients.crl
            require_certificate true
            use_identity_as_username true
            """);
    var both =
        configuration(
            listener(ClientAuthentication.CERTIFICATE_AND_PASSWORD, Encryption.TLS_1_2, true));
    assertThat(text(both.render()))
        .contains("require_certificate true\nuse_identity_as_username false\n");
  }

  private static ListenerConfiguration listener(
      ClientAuthentication authentication, Encryption encryption, boolean fromUsername) {
    return new ListenerConfiguration(
        "a",
        8883,
        ListenerProtocol.MQTT,
        encryption,
        authentication,
        fromUsername,
        1,
        ProxyHeader.NONE);
  }

  @Test
  void noListenerTakesTlsBehindAProxyHeader() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ListenerConfiguration(
                    "a",
                    1883,
                    ListenerProtocol.MQTT,
                    Encryption.TLS_1_2,
                    ClientAuthentication.PASSWORD,
                    true,
                    1,
                    ProxyHeader.V1));
  }

  private static BrokerConfiguration configuration(ListenerConfiguration... listeners) {
    return new BrokerConfiguration(List.of(listeners), INTERNAL, 60, BrokerOptions.NONE);
  }

  static ListenerConfiguration listener(String name, int port) {
    return new ListenerConfiguration(
        name,
        port,
        ListenerProtocol.MQTT,
        Encryption.TLS_1_2,
        ClientAuthentication.PASSWORD,
        true,
        1000,
        ProxyHeader.NONE);
  }

  private static Arbitrary<TlsSettings> tlsSettings() {
    return Combinators.combine(
            Arbitraries.of(true, false),
            Arbitraries.of("AES128-SHA", "ECDHE-RSA-AES128-SHA").list().ofMaxSize(3),
            Arbitraries.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384").list().ofMaxSize(3))
        .as(TlsSettings::new);
  }

  private static ListenerConfiguration with(ListenerConfiguration listener, TlsSettings tls) {
    return new ListenerConfiguration(
        listener.name(),
        listener.port(),
        listener.protocol(),
        listener.encryption(),
        listener.authentication(),
        listener.clientIdFromUsername(),
        listener.maxConnections(),
        listener.proxyHeader(),
        listener.encryption() == Encryption.NONE
                || listener.authentication() == ClientAuthentication.PRE_SHARED_KEY
            ? listener.tls()
            : tls);
  }

  private static ListenerConfiguration ofKeys(
      String name, int port, ListenerProtocol protocol, int limit) {
    return new ListenerConfiguration(
        name,
        port,
        protocol,
        Encryption.TLS_1_2,
        ClientAuthentication.PRE_SHARED_KEY,
        true,
        limit,
        ProxyHeader.NONE,
        new TlsSettings(
            false, List.of("ECDHE-PSK-CHACHA20-POLY1305", "PSK-AES128-CCM"), List.of()));
  }

  /** Beside pre-shared keys none needs TLS 1.3. */
  private static List<ListenerConfiguration> thatCanBe(List<ListenerConfiguration> listeners) {
    var takesKeys =
        listeners.stream()
            .anyMatch(one -> one.authentication() == ClientAuthentication.PRE_SHARED_KEY);
    return listeners.stream().filter(one -> !takesKeys || !one.needsTls13()).toList();
  }

  /** Mosquitto turns TLS 1.3 off on all of them: see PreSharedKeyListenerTest. */
  @Test
  void besidePreSharedKeysThereIsNoTls13() {
    var keys = ofKeys("tiny", 8885, ListenerProtocol.MQTT, 1);
    assertThat(text(configuration(keys).render()))
        .contains("ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384\n")
        .doesNotContain("tlsv1.3");
    var suites = new TlsSettings(false, List.of(), List.of("TLS_AES_128_GCM_SHA256"));
    for (var other :
        List.of(
            listener(ClientAuthentication.PASSWORD, Encryption.TLS_1_3, true),
            with(listener("a", 8883), suites))) {
      assertThatIllegalArgumentException().isThrownBy(() -> configuration(keys, other));
    }
  }

  @Test
  void rendersListenersForPreSharedKeys() {
    var file = text(configuration(ofKeys("tiny", 8885, ListenerProtocol.MQTT, 1)).render());
    assertThat(file)
        .contains("acl_file @DIRECTORY@/acl\ncheck_retain_source false\n")
        .contains("psk_file @DIRECTORY@/psk\n")
        .contains(
            """
            # tiny
            listener 8885
            listener_allow_anonymous false
            use_username_as_clientid true
            max_connections 1
            psk_hint mqtt
            use_identity_as_username true
            tls_version tlsv1.2
            ciphers ECDHE-PSK-CHACHA20-POLY1305:PSK-AES128-CCM
            """);
    assertThat(text(configuration(listener("a", 8883)).render())).doesNotContain("psk");
  }

  @Provide
  Arbitrary<BrokerConfiguration> configurations() {
    Arbitrary<ListenerConfiguration> listener =
        Combinators.combine(
                Arbitraries.of("mqtts", "operator", "a", "b-1"),
                Arbitraries.integers().between(1024, 65_535).filter(port -> port != 8884),
                Arbitraries.of(ListenerProtocol.class),
                Arbitraries.of(Encryption.class),
                Arbitraries.of(ClientAuthentication.class),
                Arbitraries.of(true, false),
                Arbitraries.integers().between(1, 1_000_000),
                Arbitraries.of(ProxyHeader.class))
            .as(
                (name, port, protocol, encryption, authentication, fromUsername, limit, header) ->
                    authentication == ClientAuthentication.PRE_SHARED_KEY
                        ? ofKeys(name, port, protocol, limit)
                        : new ListenerConfiguration(
                            name,
                            port,
                            protocol,
                            encryption,
                            encryption == Encryption.NONE && authentication.needsCertificate()
                                ? ClientAuthentication.PASSWORD
                                : authentication,
                            (encryption != Encryption.NONE && authentication.needsCertificate())
                                || (fromUsername
                                    && authentication != ClientAuthentication.ANONYMOUS),
                            limit,
                            encryption == Encryption.NONE ? header : ProxyHeader.NONE));
    return Combinators.combine(
            Combinators.combine(listener, tlsSettings())
                .as(BrokerConfigurationTest::with)
                .list()
                .uniqueElements(ListenerConfiguration::name)
                .uniqueElements(ListenerConfiguration::port)
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(BrokerConfigurationTest::thatCanBe),
            Arbitraries.integers().between(1, 1000).map(InternalListener::new),
            Arbitraries.integers().between(1, 86_400),
            Samples.options())
        .as(BrokerConfiguration::new);
  }
}
